using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0019, the half about time: host memory of an asynchronous copy is touched or released before its event;
/// <see cref="MemoryLifetime"/> finds it.
/// </summary>
internal static class ReusedBeforeEvent
{
    public const string Id = "NVG0019";

    private const string Title =
        "Host memory of an async CUDA copy is not page-locked, or is reused before its event";

    private const string Message =
        "'{0}' was given this host memory at line {1} and copies after it has returned{2}, so the copy may "
        + "see or "
            + "destroy what happens here: synchronise with the stream or the event first";

    private const string Description =
        "An asynchronous copy is queued on a stream and runs later. Until its stream or event was "
        + "synchronised "
            + "with, the host memory belongs to the copy.";

    // One rule in two halves: PageLockedCopies is the other.
#pragma warning disable RS1019
    public static readonly DiagnosticDescriptor Must = new(
        Id,
        Title,
        Message,
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

#pragma warning restore RS1019

    /// <summary>On some of the paths only.</summary>
    public static readonly DiagnosticDescriptor May = MilderRule.Of(Must);

    public static Diagnostic At(Finding finding) => Diagnostic.Create(
        finding.Certainty == Certainty.Must ? Must : May,
        finding.At,
        finding.Flight!.Target.Name,
        FindingText.LineOf(finding.Flight.Site),
        FindingText.Doubt(finding));
}
