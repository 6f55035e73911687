using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>NVG0001: what it says; <see cref="MemoryLifetime"/> finds it.</summary>
internal static class PinnedLeft
{
    public const string Id = "NVG0001";

    private const string Title = "Pinned pointer outlives its fixed statement";

    private const string Message =
        "'{0}' keeps this address until {1}, but the 'fixed' statement of '{2}' ends before that{3}, "
            + "and the garbage collector may then move the memory under the transfer: wait for the "
            + "completion inside the 'fixed' statement, or use memory that does not move (GpuMappedBuffer, "
            + "NativeMemory, an array allocated with 'pinned: true')";

    private const string Description =
        "A fixed statement pins for as long as its block runs. The kernel keeps the address for "
            + "longer: until the completion was seen.";

    public static readonly DiagnosticDescriptor Must = new(
        Id,
        Title,
        Message,
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    /// <summary>On some of the paths only.</summary>
    public static readonly DiagnosticDescriptor May = MilderRule.Of(Must);

    public static Diagnostic At(Finding finding) => Diagnostic.Create(
        finding.Certainty == Certainty.Must ? Must : May,
        finding.At,
        finding.Flight!.Target.Name,
        finding.Flight.Until.End(),
        finding.Memory.Symbol!.Name,
        FindingText.Doubt(finding));
}
