using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>NVG0002: what it says; <see cref="MemoryLifetime"/> finds it.</summary>
internal static class StackLeft
{
    public const string Id = "NVG0002";

    private const string Title = "Stack memory is handed to the kernel";

    private const string Message =
        "'{0}' keeps this address until {1}, but it is {2}, which ends with its block before that{3}, "
            + "and the kernel would then use whatever the stack holds there: wait before the block is left, "
            + "or use memory that lives longer (GpuMappedBuffer, NativeMemory)";

    private const string Description =
        "Memory on the stack ends with the block that declares it. The kernel keeps the address for "
            + "longer: until the submission or the completion of the operation.";

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
        finding.Memory.Symbol switch
        {
            IParameterSymbol parameter => $"the parameter '{parameter.Name}'",
            { } local => $"the local '{local.Name}'",
            null => "memory on the stack",
        },
        FindingText.Doubt(finding));
}
