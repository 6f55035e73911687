using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>
/// Every inline function of liburing.h as it was translated: alone and together, in a project in source mode,
/// which has the types and the exported functions.
/// </summary>
public sealed class EveryInlineFunctionTests(ITestOutputHelper output)
{
    private static readonly string[] s_sourceMode =
        Committed.Sources("Native", "Contracts", "Linux", "Liburing", "LiburingExports", "NvmeIoctl");

    [Fact]
    public void Each_function_alone_brings_all_that_it_needs()
    {
        TextFile[] inline = Committed.RequireInlineFunctions();
        CSharpCompilation project = Run.Compile("Consumer", s_sourceMode);
        TextFile list = TextFile.List("nothing_yet");
        GeneratorDriver driver = Run.Driver([list, .. Committed.Metadata, .. inline]);
        string[] names = Names(inline);
        List<string> said = [];
        foreach (string name in names)
        {
            TextFile next = TextFile.List(name);
            driver = driver.ReplaceAdditionalText(list, next).RunGenerators(project);
            list = next;
            GeneratorRunResult result = driver.GetRunResult().Results[0];
            Assert.Empty(result.Diagnostics);
            SyntaxTree tree = Assert.Single(result.GeneratedSources).SyntaxTree;
            Assert.Contains($" {name}(", tree.ToString(), StringComparison.Ordinal);
            // What is there already is not in the file, so that nothing outside of it can change.
            said.AddRange(project.AddSyntaxTrees(tree).GetSemanticModel(tree)
                .GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken)
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .Select(diagnostic => $"{name}: {diagnostic}"));
        }
        Assert.True(names.Length > 100, $"only {names.Length} functions");
        output.WriteLine($"{names.Length} functions");
        Assert.True(said.Count == 0, $"{said.Count}:\n{string.Join('\n', said.Take(20))}");
    }

    [Fact]
    public void A_pattern_over_all_of_them_adds_each_of_them_and_nothing_else()
    {
        TextFile[] inline = Committed.RequireInlineFunctions();
        Run run = Run.Of(
            Run.Compile("Consumer", s_sourceMode),
            [TextFile.List("io_uring_*\n_*io_uring_*")],
            [.. Committed.Metadata, .. inline]);

        run.SaysNothing().Compiles();
        Assert.Equal(["NvmeGpu.Liburing.g.cs"], run.Files.Keys);
        string[] added =
        [
            .. CSharpSyntaxTree.ParseText(run.AllText, Run.Language)
                .GetRoot(TestContext.Current.CancellationToken)
                .DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.MethodDeclarationSyntax>()
                .Select(method => method.Identifier.Text).Distinct().Order(StringComparer.Ordinal),
        ];
        Assert.Equal(Names(inline), added);
        Run.Emit(run.Compilation);
    }

    private static string[] Names(TextFile[] inline) =>
    [
        .. inline.Single(file => file.Path.EndsWith("index.txt", StringComparison.Ordinal))
            .GetText()!.ToString()
            .Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t')[0])
            .Order(StringComparer.Ordinal),
    ];
}
