using System;
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

    // Of a hundred methods that are put together at random.
    private const int QuietOfHundredMin = 8;

    /// <summary>Numbers of their own in every run of NVMEGPU_COMPOSED=FIRST,COUNT; the same by
    /// default.</summary>
    private static readonly int[] s_composed = [.. (Environment.GetEnvironmentVariable("NVMEGPU_COMPOSED")
        ?? "0,150").Split(',').Select(int.Parse)];

    private static readonly string[] s_folders = ["silent", "speak", "museum"];

    private static readonly CancellationToken s_cancel = CancellationToken.None;

    [Fact]
    public void Where_the_scout_of_memory_is_quiet_the_run_over_the_graph_finds_nothing() =>
        Assert.True(QuietAboutMemory(Corpus()) >= QuietAboutMemoryMin);

    [Fact]
    public void Where_the_scout_of_entries_is_quiet_the_flow_over_the_graph_finds_nothing() =>
        Assert.True(QuietAboutEntries(Corpus()) >= QuietAboutEntriesMin);

    [Fact]
    public void The_scout_of_memory_is_right_about_programs_put_together_at_random() =>
        Assert.True(QuietAboutMemory(Composed()) * 100 >= QuietOfHundredMin * ComposedMethodCount);

    [Fact]
    public void The_scout_of_entries_is_right_about_programs_put_together_at_random() =>
        Assert.True(QuietAboutEntries(Composed()) * 100 >= QuietOfHundredMin * ComposedMethodCount);

    [Theory]
    // Disposed by a using, and used by another name: behind it, in a finally block, in a handler.
    [InlineData("{ using var o = s_pool.Rent(64); memory = o.Memory; } memory.Span[0] = 1;")]
    [InlineData("using (IDisposable o = (IDisposable)(object)slots) { } "
        + "owned.Read(slots.Region(0, 4), file, n);")]
    [InlineData("try { using var o = s_pool.Rent(64); memory = o.Memory; return n; } "
        + "finally { memory.Span[0] = 1; }")]
    [InlineData("while (n > 3) { using var o = s_pool.Rent(64); memory = o.Memory; break; } "
        + "memory.Span[0] = 1;")]
    [InlineData("try { using var o = s_pool.Rent(64); memory = o.Memory; Settle(); } "
        + "catch { memory.Span[0] = 1; }")]
    [InlineData("try { using var o = s_pool.Rent(64); memory = o.Memory; throw new IOException(); } "
        + "catch { memory.Span[0] = 1; }")]
    [InlineData("try { using IMemoryOwner<byte> o = s_pool.Rent(64), "
        + "b = s_pool.Rent((memory = o.Memory).Length); } catch { memory.Span[0] = 1; }")]
    // Places of locals.
    [InlineData("{ int v = 0; io_uring_prep_read(io_uring_get_sqe(ring), 0, &v, 4, 0); } Settle();")]
    [InlineData("while (n > 3) { int v = 0; io_uring_prep_read(io_uring_get_sqe(ring), 0, &v, 4, 0); "
        + "break; } Settle();")]
    [InlineData("try { int v = 0; io_uring_prep_read(io_uring_get_sqe(ring), 0, &v, 4, 0); return n; } "
        + "finally { Settle(); }")]
    // Ways around a wait.
    [InlineData("Keep(memory); switch (n) { case 1: Settle(); break; }")]
    [InlineData("switch (n) { case 1: Keep(memory); break; default: Settle(); break; }")]
    [InlineData("Keep(memory); foreach (int one in some) { Settle(); }")]
    [InlineData("Keep(memory); more?.Add(Settled());")]
    [InlineData("try { Keep(memory); if (n > 3) { return n; } Settle(); } finally { n++; }")]
    [InlineData("Keep(memory); await Task.Delay(1);", true)]
    // What touches memory in flight.
    [InlineData("_ = new Kept(memory) { Value = memory.Span[0] = 1 }; Settle();")]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(4); "
        + "io_uring_prep_read(io_uring_get_sqe(ring), 0, p, 4, 0); NativeMemory.Clear(p, 4); Settle();")]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(4); "
        + "io_uring_prep_read(io_uring_get_sqe(ring), 0, p, 4, 0); "
        + "foreach (byte one in new Span<byte>(p, 4)) { } Settle();")]
    // Regions that are memory by contract, or may be.
    [InlineData("using Store store = new(); owned.Read(store.Part, file, n);")]
    [InlineData("using Store store = new(); owned.Read(store.Give(), file, n);")]
    [InlineData("using Store store = new(); owned.Read((RegisteredRegion)(object)store, file, n);")]
    [InlineData("using Store store = new(); owned.Read(await store.GiveAsync(), file, n);", true)]
    public void A_scout_leaves_to_the_graph(string statements, bool isAsync = false) =>
        Assert.Equal(0, QuietAboutMemory([ComposedProgram.With(statements, isAsync)]));

    [Theory]
    [InlineData("for (int i = 0; i < n; i++) { io_uring_sqe* sqe = io_uring_get_sqe(ring); "
        + "io_uring_prep_read(sqe, 0, outside + i, 1, 0); } Settle();")]
    [InlineData("try { Keep(memory); if (n > 3) { return n; } } finally { Settle(); }")]
    [InlineData("using var o = s_pool.Rent(64); Keep(o.Memory); Settle();")]
    [InlineData("while (n > 3) { using var handle = File.OpenHandle(\"a\"); Keep(memory); Settle(); }")]
    [InlineData("foreach (int one in some) { switch (one) { case 1: Keep(memory); break; } } Settle();")]
    [InlineData("Keep(memory); count += await Task.FromResult(1);", true)]
    public void A_scout_sees_without_a_graph(string statements, bool isAsync = false) =>
        Assert.Equal(1, QuietAboutMemory([ComposedProgram.With(statements, isAsync)]));

    private static int ComposedMethodCount => s_composed[1] * ComposedProgram.MethodCount;

    /// <returns>About how many bodies.</returns>
    private static int QuietAboutMemory(IEnumerable<string> programs)
    {
        int quiet = 0;
        foreach ((Compilation compilation, IMethodBodyOperation method, IMethodSymbol symbol)
            in Methods(programs))
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
        TestContext.Current.TestOutputHelper?.WriteLine($"quiet about {quiet} bodies");
        return quiet;
    }

    private static int QuietAboutEntries(IEnumerable<string> programs)
    {
        int quiet = 0;
        foreach ((Compilation _, IMethodBodyOperation method, IMethodSymbol _) in Methods(programs))
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
        TestContext.Current.TestOutputHelper?.WriteLine($"quiet about {quiet} bodies");
        return quiet;
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

    private static IEnumerable<string> Composed() =>
        Enumerable.Range(s_composed[0], s_composed[1]).Select(ComposedProgram.Of);

    /// <summary>All programs of the corpus, and what mutations make of them.</summary>
    private static IEnumerable<string> Corpus()
    {
        string[] programs =
        [
            .. s_folders.SelectMany(CorpusCase.Names).Select(name =>
                MarkedText.Parse(File.ReadAllText(Repository.PathOf("tests", "corpus", name))).Text),
        ];
        return programs.Concat(
            Enumerable.Range(0, MutationCount).Select(number => TokenMutation.Of(programs, number)));
    }

    private static IEnumerable<(Compilation, IMethodBodyOperation, IMethodSymbol)> Methods(
        IEnumerable<string> programs)
    {
        var empty = CSharpCompilation.Create(
            "Scouted",
            syntaxTrees: null,
            [.. ProgramUnderRules.Framework, ProgramUnderRules.Runtime, ProgramUnderRules.Bindings],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        foreach (string text in programs)
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
