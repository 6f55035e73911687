namespace NvmeGpu.Analyzers.Rules;

/// <summary>Where the page of a rule is, and the category that all rules share.</summary>
public static class RuleDocumentation
{
    public const string Category = "NvmeGpu.MemorySafety";

    /// <summary>
    /// Relative to the root of the repository (and of the package, which carries the pages too): a consumer
    /// has the sources on disk, and no public address exists that would be the page of just that version.
    /// </summary>
    public static string PageOf(string ruleId) => "analyzers/docs/" + ruleId + ".md";
}
