using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Rules;
using NvmeGpu.CodeFixes;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>A rule is not only an analyzer: it has a page, a row in three lists, and tests.</summary>
public sealed class RuleCompletenessTests
{
    private static readonly string[] s_sections =
        ["## Cause", "## Bad", "## Good", "## When to suppress", "## Known limits"];

    public static TheoryData<string> Ids => [.. Rules().Select(rule => rule.Id).Distinct().Order()];

    [Fact]
    public void There_are_rules() => Assert.NotEmpty(Ids);

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_has_a_page_with_all_its_sections_in_order(string id)
    {
        string page = File.ReadAllText(Repository.PathOf("analyzers", "docs", id + ".md"));
        Assert.StartsWith($"# {id}: {TitleOf(id)}\n", page);
        Assert.Equal(
            HasFix(id) ? [.. s_sections[..3], "## Fix", .. s_sections[3..]] : s_sections,
            page.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_index_says_what_the_rule_is(string id) => Assert.Contains(
        $"| [{id}]({id}.md) | {TitleOf(id)} | {SeverityOf(id)} | {(HasFix(id) ? "yes" : "no")} |",
        File.ReadAllLines(Repository.PathOf("analyzers", "docs", "README.md")));

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_help_link_is_that_page(string id) => Assert.All(
        Rules().Where(rule => rule.Id == id),
        rule =>
        {
            Assert.Equal($"analyzers/docs/{id}.md", rule.HelpLinkUri);
            Assert.True(File.Exists(Repository.PathOf(rule.HelpLinkUri)), rule.HelpLinkUri);
        });

    /// <summary>
    /// A rule that speaks more softly where only some path is wrong has two severities: <c>default</c> leaves
    /// both as they are.
    /// </summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_ships_its_severity(string id)
    {
        bool hasTwo = Rules().Where(rule => rule.Id == id).Select(rule => rule.DefaultSeverity).Distinct()
            .Count() > 1;
        string severity = hasTwo ? "default" : SeverityOf(id) is "info" ? "suggestion" : SeverityOf(id);
        Assert.Contains(
            $"dotnet_diagnostic.{id}.severity = {severity}",
            File.ReadAllLines(Repository.PathOf("build", "NvmeGpu.globalconfig")));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_has_a_file_of_tests_and_a_folder_of_misuses(string id)
    {
        Assert.NotEmpty(
            Directory.GetFiles(Repository.PathOf("tests", "NvmeGpu.Analyzers.Tests"), id + "_*Tests.cs"));
        string misuses = Repository.PathOf("tests", "corpus", "speak", id);
        Assert.True(Directory.Exists(misuses), misuses);
        Assert.Contains(
            Directory.GetFiles(misuses, "*.cs"),
            file => File.ReadAllText(file).Contains("{|" + id, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_has_a_row_in_the_release_notes(string id)
    {
        string[] rows =
        [
            .. File.ReadAllLines(
                Repository.PathOf("analyzers", "NvmeGpu.Analyzers", "AnalyzerReleases.Shipped.md")),
            .. File.ReadAllLines(
                Repository.PathOf("analyzers", "NvmeGpu.Analyzers", "AnalyzerReleases.Unshipped.md")),
        ];
        string category =
            Assert.Single(Rules().Where(rule => rule.Id == id).Select(rule => rule.Category).Distinct());
        Assert.Single(rows, row => row.StartsWith($"{id} | {category} | ", StringComparison.Ordinal)
            && row.EndsWith(" | " + TitleOf(id), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_and_every_fix_has_a_test_class()
    {
        IEnumerable<string> wanted = TypesOf<DiagnosticAnalyzer>(typeof(MovableMemory).Assembly)
            .Concat(TypesOf<CodeFixProvider>(typeof(AllocatePinnedArray).Assembly))
            .Select(type => type.Name + "Tests");
        string[] present =
            [.. typeof(RuleCompletenessTests).Assembly.GetTypes().Where(HasTests).Select(type => type.Name)];
        Assert.All(wanted, name => Assert.Contains(name, present));
    }

    [Fact]
    public void The_globalconfig_has_no_row_without_a_rule()
    {
        string[] ids = [.. Ids.Select(row => row.Data)];
        Assert.All(
            File.ReadAllLines(Repository.PathOf("build", "NvmeGpu.globalconfig"))
                .Where(line => line.StartsWith("dotnet_diagnostic.", StringComparison.Ordinal)),
            line => Assert.Contains(line.Split('.')[1], ids));
    }

    [Theory]
    [InlineData("AlignedAttribute")]
    [InlineData("CompletesAttribute")]
    [InlineData("KernelRetainsAttribute")]
    [InlineData("MayBlockAttribute")]
    [InlineData("MustObserveAttribute")]
    [InlineData("OperationTokenAttribute")]
    [InlineData("PageLockedAttribute")]
    [InlineData("RegisteredAttribute")]
    [InlineData("ReleasesAttribute")]
    [InlineData("RequiresRingAttribute")]
    [InlineData("StableAttribute")]
    [InlineData("TransfersAttribute")]
    public void The_contracts_that_the_rules_look_for_are_those_that_ship(string name) => Assert.Contains(
        $" partial class {name}",
        File.ReadAllText(Repository.PathOf("bindings", "Contracts", "ContractAttributes.cs")));

    /// <summary>One instance of every analyzer that ships.</summary>
    internal static IEnumerable<DiagnosticAnalyzer> Analyzers() =>
        TypesOf<DiagnosticAnalyzer>(typeof(MovableMemory).Assembly)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!);

    private static string TitleOf(string id) => Assert.Single(
        Rules().Where(rule => rule.Id == id).Select(rule => rule.Title.ToString()).Distinct());

    /// <summary>The higher one of a rule that has two.</summary>
    private static string SeverityOf(string id) =>
        Rules().Where(rule => rule.Id == id).Max(rule => rule.DefaultSeverity).ToString().ToLowerInvariant();

    private static bool HasFix(string id) => TypesOf<CodeFixProvider>(typeof(AllocatePinnedArray).Assembly)
        .Any(type => ((CodeFixProvider)Activator.CreateInstance(type)!).FixableDiagnosticIds.Contains(id));

    private static IEnumerable<DiagnosticDescriptor> Rules() =>
        Analyzers().SelectMany(analyzer => analyzer.SupportedDiagnostics);

    private static IEnumerable<Type> TypesOf<T>(Assembly assembly) =>
        assembly.GetTypes().Where(type => !type.IsAbstract && typeof(T).IsAssignableFrom(type));

    private static bool HasTests(Type type) =>
        type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>().Any());
}
