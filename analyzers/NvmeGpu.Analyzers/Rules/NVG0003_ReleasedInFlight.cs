using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>NVG0003: what it says; <see cref="MemoryLifetime"/> finds it.</summary>
internal static class ReleasedInFlight
{
    public const string Id = "NVG0003";

    private const string Title = "Buffer is released while in flight";

    private const string Message =
        "This releases memory that '{0}' was given at line {1} and keeps until {2}{3}, so the "
            + "transfer may go into memory that is somebody else's by then: release it after the completion "
            + "was seen";

    private const string Description =
        "Memory that was freed, unpinned or returned to its pool gets another owner, while the kernel "
            + "or the device still reads or writes it.";

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
        FindingText.LineOf(finding.Flight.Site),
        finding.Flight.Until.End(),
        FindingText.Doubt(finding));
}
