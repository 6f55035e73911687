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
    public void A_rule_has_a_page_with_all_its_sections(string id)
    {
        string page = File.ReadAllText(Repository.PathOf("analyzers", "docs", id + ".md"));
        Assert.StartsWith($"# {id}: {Rules().First(rule => rule.Id == id).Title}\n", page);
        Assert.All(s_sections, section => Assert.Contains("\n" + section + "\n", page));
        Assert.Contains($"[{id}]({id}.md)", File.ReadAllText(Repository.PathOf("analyzers", "docs", "README.md")));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_help_link_is_that_page(string id) => Assert.All(
        Rules().Where(rule => rule.Id == id),
        rule => Assert.True(File.Exists(Repository.PathOf(rule.HelpLinkUri)), rule.HelpLinkUri));

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_ships_its_severity(string id)
    {
        DiagnosticSeverity severity = Rules().First(rule => rule.Id == id).DefaultSeverity;
        Assert.Contains(
            $"dotnet_diagnostic.{id}.severity = {(severity == DiagnosticSeverity.Info ? "suggestion" : severity.ToString().ToLowerInvariant())}",
            File.ReadAllLines(Repository.PathOf("build", "NvmeGpu.globalconfig")));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_has_a_row_in_the_release_notes(string id)
    {
        string[] rows =
        [
            .. File.ReadAllLines(Repository.PathOf("analyzers", "NvmeGpu.Analyzers", "AnalyzerReleases.Shipped.md")),
            .. File.ReadAllLines(Repository.PathOf("analyzers", "NvmeGpu.Analyzers", "AnalyzerReleases.Unshipped.md")),
        ];
        Assert.Contains(rows, row => row.StartsWith(id + " |", StringComparison.Ordinal));
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

    private static IEnumerable<DiagnosticDescriptor> Rules() =>
        TypesOf<DiagnosticAnalyzer>(typeof(MovableMemory).Assembly)
            .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics);

    private static IEnumerable<Type> TypesOf<T>(Assembly assembly) =>
        assembly.GetTypes().Where(type => !type.IsAbstract && typeof(T).IsAssignableFrom(type));

    private static bool HasTests(Type type) =>
        type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>().Any());
}
