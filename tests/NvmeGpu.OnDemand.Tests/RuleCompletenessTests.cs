using System;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using NvmeGpu.BindingsOnDemand;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>Each diagnostic has a page, a row in the two lists, and a test that names it.</summary>
public sealed class RuleCompletenessTests
{
    private static readonly string[] s_sections =
        ["## Cause", "## Bad", "## Good", "## When to suppress", "## Known limits"];

    private static DiagnosticDescriptor[] All =>
        [.. typeof(Rules).GetFields().Select(rule => rule.GetValue(null)).OfType<DiagnosticDescriptor>()];

    public static TheoryData<string> Ids => [.. All.Select(rule => rule.Id).Order()];

    [Fact]
    public void There_are_eight_with_an_id_of_their_own() =>
        Assert.Equal(8, Ids.Select(row => row.Data).Distinct().Count());

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_diagnostic_has_a_page_with_all_sections_and_its_rows(string id)
    {
        DiagnosticDescriptor rule = All.Single(candidate => candidate.Id == id);
        string page = File.ReadAllText(Repository.PathOf(rule.HelpLinkUri));
        Assert.StartsWith(
            $"# {id}: {rule.Title}\n\n{rule.DefaultSeverity} by default. Category `{rule.Category}`.\n",
            page);
        Assert.All(s_sections, section => Assert.Contains("\n" + section + "\n", page));
        Assert.Contains(
            $"\n| [{id}]({id}.md) | {rule.Title} | {rule.DefaultSeverity.ToString().ToLowerInvariant()} | "
            + "no |\n",
            File.ReadAllText(Repository.PathOf("analyzers", "docs", "README.md")));
        Assert.Contains(
            $"{id} | {rule.Category} | {rule.DefaultSeverity} | {rule.Title}",
            File.ReadAllLines(
                Repository.PathOf("generator", "NvmeGpu.BindingsOnDemand", "AnalyzerReleases.Unshipped.md")));
        Assert.Contains(
            Directory.GetFiles(Repository.PathOf("tests", "NvmeGpu.OnDemand.Tests"), "*.cs"),
            file => File.ReadAllText(file).Contains(id + " NativeMethods.txt", StringComparison.Ordinal)
                || File.ReadAllText(file).Contains(id + " index.txt", StringComparison.Ordinal));
    }
}
