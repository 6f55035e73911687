using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;
using NvmeGpu.Analyzers.Rules.Entries;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>
/// A scout turns right methods away before a graph is made of them. It may never turn away one that the run
/// over the graph has something to say about.
/// </summary>
public sealed class ScoutTests
{
    private const int MutationCount = 1500;

    // Of the corpus and its mutations; far fewer would make the claims empty.
    private const int QuietAboutMemoryMin = 40;
    private const int QuietAboutEntriesMin = 300;

    private static readonly string[] s_folders = ["silent", "speak", "museum"];

    private static readonly CancellationToken s_cancel = CancellationToken.None;

    [Fact]
    public void Where_the_scout_of_memory_is_quiet_the_run_over_the_graph_finds_nothing()
    {
        int quiet = 0;
        foreach ((Compilation compilation, IMethodBodyOperation method, IMethodSymbol symbol) in Methods())
        {
            if (ContractSymbols.TryFind(compilation, s_cancel) is not { } contracts
                || method.BlockBody is not { } body)
            {
                continue;
            }
            var types = new FlowTypes(KnownTypes.Of(compilation), contracts);
            if (new FlowGate(types, contracts).LetsThrough([body])
                && new LifetimeScout(types, contracts).TryRun(body))
            {
                quiet++;
                var graph = ControlFlowGraph.Create(method, s_cancel);
                foreach (Finding finding in FindingsOf(graph, symbol, types, contracts))
                {
                    Assert.Fail($"{finding.Kind} at {finding.Subject} of\n{method.Syntax}");
                }
            }
        }
        Assert.True(quiet >= QuietAboutMemoryMin, $"{quiet} bodies only");
    }

    [Fact]
    public void Where_the_scout_of_entries_is_quiet_the_flow_over_the_graph_finds_nothing()
    {
        int quiet = 0;
        foreach ((Compilation _, IMethodBodyOperation method, IMethodSymbol _) in Methods())
        {
            if (method.BlockBody is not { } body || !body.Calls().Any(RingCalls.GetsEntry))
            {
                continue;
            }
            List<ILocalSymbol> tracked = TrackedLocals.Of(body);
            bool isQuietAboutData = new EntryScout(tracked, needsData: true).IsQuiet(body);
            if (!isQuietAboutData && !new EntryScout(tracked, needsData: false).IsQuiet(body))
            {
                continue;
            }
            quiet++;
            var findings = new EntryFindings();
            foreach (ControlFlowGraph graph in FlowGraphs.AllOf(ControlFlowGraph.Create(method, s_cancel)))
            {
                new EntryFlow(graph, tracked, findings).Run();
            }
            Assert.True(
                findings.LateWrites.Count + findings.RawOpcodes.Count == 0
                    && (!isQuietAboutData || !findings.HasData || findings.WithoutData.Count == 0),
                method.Syntax.ToString());
        }
        Assert.True(quiet >= QuietAboutEntriesMin, $"{quiet} bodies only");
    }

    private static IEnumerable<Finding> FindingsOf(
        ControlFlowGraph graph, IMethodSymbol method, FlowTypes types, ContractSymbols contracts)
    {
        var context = new FlowContext(graph, method, types, contracts);
        IEnumerable<Finding> found =
            new FlowRun(graph, context, followsExceptions: false, s_cancel).Run()?.Result() ?? [];
        return found.Concat(graph.LocalFunctions.SelectMany(local => FindingsOf(
            graph.GetLocalFunctionControlFlowGraph(local, s_cancel), local, types, contracts)));
    }

    /// <summary>Those of all programs of the corpus, and of what mutations make of them.</summary>
    private static IEnumerable<(Compilation, IMethodBodyOperation, IMethodSymbol)> Methods()
    {
        string[] programs =
        [
            .. s_folders.SelectMany(CorpusCase.Names).Select(name =>
                MarkedText.Parse(File.ReadAllText(Repository.PathOf("tests", "corpus", name))).Text),
        ];
        var empty = CSharpCompilation.Create(
            "Scouted",
            syntaxTrees: null,
            [.. ProgramUnderRules.Framework, ProgramUnderRules.Runtime, ProgramUnderRules.Bindings],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        foreach (string text in programs.Concat(
            Enumerable.Range(0, MutationCount).Select(number => TokenMutation.Of(programs, number))))
        {
            SyntaxTree file = CSharpSyntaxTree.ParseText(
                text, new CSharpParseOptions(LanguageVersion.CSharp14), cancellationToken: s_cancel);
            CSharpCompilation compilation = empty.AddSyntaxTrees(file);
            SemanticModel model = compilation.GetSemanticModel(file);
            foreach (BaseMethodDeclarationSyntax declaration in file.GetRoot(s_cancel).DescendantNodes()
                .OfType<BaseMethodDeclarationSyntax>())
            {
                if (model.GetOperation(declaration, s_cancel) is IMethodBodyOperation method
                    && model.GetDeclaredSymbol(declaration, s_cancel) is { } symbol)
                {
                    yield return (compilation, method, symbol);
                }
            }
        }
    }
}
