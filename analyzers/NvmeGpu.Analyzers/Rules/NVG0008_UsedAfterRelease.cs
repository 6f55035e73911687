using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>NVG0008: what it says; <see cref="MemoryLifetime"/> finds it.</summary>
internal static class UsedAfterRelease
{
    public const string Id = "NVG0008";

    private const string Title = "Buffer is used after release";

    private const string Message =
        "'{0}' is used here, but its memory was released at line {1}{2} and may be somebody else's by "
            + "now: release it after its last use";

    private const string Description =
        "Memory that was freed, unpinned or returned to its pool gets another owner; reading it gives "
            + "foreign bytes, writing it or handing it to the kernel destroys them.";

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
        finding.Subject.ToString(),
        FindingText.LineOf(finding.ReleaseSite ?? finding.Subject),
        FindingText.Doubt(finding));
}
