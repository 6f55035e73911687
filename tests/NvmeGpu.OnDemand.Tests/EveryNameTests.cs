using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NvmeGpu.BindingsOnDemand;
using Xunit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>Every name of every committed index: alone, and all of them together.</summary>
public sealed class EveryNameTests(ITestOutputHelper output)
{
    private static readonly SymbolDisplayFormat s_format = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        memberOptions: SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeConstantValue
            | SymbolDisplayMemberOptions.IncludeContainingType
                | SymbolDisplayMemberOptions.IncludeExplicitInterface
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeType,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeParamsRefOut
                | SymbolDisplayParameterOptions.IncludeDefaultValue);

    [Fact]
    public void Each_name_alone_brings_all_that_it_needs()
    {
        // One driver, whose list is replaced: the index is read once. What one name brings goes into a
        // namespace of its own, so that one compilation shows what is missing anywhere; names that bring the
        // same are compiled once.
        CSharpCompilation project = Run.Compile("Consumer", Committed.Sources("Native", "Contracts"));
        TextFile list = TextFile.List("nothing_yet");
        GeneratorDriver driver = Run.Driver([list, .. Committed.Metadata]);
        var namespaces = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string library, string name, _) in Committed.Entries.Distinct())
        {
            TextFile next = TextFile.List($"{library}.{name}");
            driver = driver.ReplaceAdditionalText(list, next).RunGenerators(project);
            list = next;
            GeneratorRunResult result = driver.GetRunResult().Results[0];
            Assert.Empty(result.Diagnostics);
            string text = Assert.Single(result.GeneratedSources).SourceText.ToString();
            Assert.Matches($@"\b{Regex.Escape(name)}\b", text);
            namespaces.TryAdd(text, $"{library}_{name}");
        }
        Assert.True(Committed.Entries.Length > 1800, $"only {Committed.Entries.Length} names");
        output.WriteLine(
            $"{Committed.Entries.Length} names, {namespaces.Count} different results, "
                + $"{namespaces.Keys.Sum(text => text.Count(c => c == '\n'))} lines");

        CSharpCompilation all = project.AddSyntaxTrees(namespaces.Select(result => CSharpSyntaxTree.ParseText(
            result.Key.Replace(
                "namespace NvmeGpu.Bindings;", $"namespace NvmeGpu.Bindings.Only_{result.Value};",
                StringComparison.Ordinal),
            Run.Language)));
        Diagnostic[] said =
        [
            .. all.GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning),
        ];
        Assert.True(said.Length == 0,
            $"{said.Length}:\n{string.Join('\n', said.Take(20).Select(d => d.ToString()))}");
    }

    [Fact]
    public void All_names_together_are_the_bindings_as_source_mode_compiles_them()
    {
        string[] attributes = Committed.Sources("Native", "Contracts");
        Run run = Run.Of("*", attributes).SaysNothing().Compiles();
        CSharpCompilation whole =
            Run.Compile("Consumer", [.. attributes, .. Committed.Sources(Committed.Libraries)]);

        string[] expected = Describe(whole);
        Assert.True(expected.Length > 3000, $"only {expected.Length} types and members");
        output.WriteLine($"{expected.Length} types and members");
        Assert.Equal(expected, Describe(run.Compilation));
        Run.Emit(run.Compilation);
    }

    [Fact]
    public void A_random_choice_of_names_compiles_by_itself_in_a_project_that_has_nothing()
    {
        // A fixed seed: a failure can be repeated.
        var random = new Random(20261122);
        foreach ((string library, string name, _) in random.GetItems([.. Committed.Entries], 25))
        {
            Run.Of($"{library}.{name}").SaysNothing().Compiles();
        }
    }

    // Types and members with their types, values, attributes and layout.
    private static string[] Describe(CSharpCompilation compilation)
    {
        INamespaceSymbol bindings = compilation.SourceModule.GlobalNamespace
            .GetMembers("NvmeGpu").OfType<INamespaceSymbol>().Single()
            .GetMembers("Bindings").OfType<INamespaceSymbol>().Single();
        return [.. bindings.GetTypeMembers().SelectMany(Describe).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Describe(INamedTypeSymbol type) =>
    [
        $"{type.DeclaredAccessibility} {type.TypeKind} {type.ToDisplayString(s_format)} : "
        + $"{type.EnumUnderlyingType} {Attributes(type)}",
        .. type.GetMembers().Where(member => member is not INamedTypeSymbol)
            .Select(member => member.ToDisplayString(s_format) + " " + Attributes(member)
                + (member is IMethodSymbol method
                    ? string.Concat(method.Parameters.Select(Attributes)) : "")),
        .. type.GetTypeMembers().SelectMany(Describe),
    ];

    private static string Attributes(ISymbol symbol) => string.Concat(
        symbol.GetAttributes().Select(attribute => $"[{attribute}]").Order(StringComparer.Ordinal));
}
