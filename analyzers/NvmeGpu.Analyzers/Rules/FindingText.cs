using System.Globalization;
using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>Words that the messages of the flow rules share.</summary>
internal static class FindingText
{
    public static string Doubt(Finding finding) =>
        finding.Certainty == Certainty.Must ? "" : " (on some of the paths to it)";

    /// <summary>As an editor counts.</summary>
    public static string LineOf(SyntaxNode site) =>
        (site.GetLocation().GetLineSpan().StartLinePosition.Line + 1).ToString(CultureInfo.InvariantCulture);
}
