using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>NVG0004: what it says; <see cref="MemoryLifetime"/> finds it.</summary>
internal static class TouchedInFlight
{
    public const string Id = "NVG0004";

    private const string Title = "Buffer is touched while in flight";

    private const string Message =
        "'{0}' was given this memory at line {1} and uses it until {2}{3}, so what is read here is "
            + "not there yet and what is written here may be lost: touch it after the completion was seen";

    private const string Description =
        "Between the submission and the completion a buffer belongs to the kernel or the device: its "
            + "content is neither the old nor the new one.";

    public static readonly DiagnosticDescriptor Must = new(
        Id,
        Title,
        Message,
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
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
