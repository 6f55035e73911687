using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>
/// A rule that throws is switched off by the compiler (AD0001), one that hangs takes the editor with it: on
/// no text may they do either.
/// </summary>
public sealed class RobustnessTests
{
    /// <summary>A number of its own in every run of NVMEGPU_MUTATIONS=FIRST,COUNT; the same by
    /// default.</summary>
    private static readonly (int First, int Count) s_mutations = Mutations();

    private static readonly string[] s_folders = ["silent", "speak", "museum"];

    /// <summary>Far beyond what the largest file of the corpus takes.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ten_thousand_muddled_programs_make_no_rule_throw_or_hang()
    {
        string[] programs =
        [
            .. s_folders
                .SelectMany(CorpusCase.Names)
                .Select(name =>
                    MarkedText.Parse(File.ReadAllText(Repository.PathOf("tests", "corpus", name))).Text),
        ];
        CSharpCompilation empty = Compilation("Muddled");
        var failures = new ConcurrentQueue<string>();
        int withErrors = 0;
        int spoken = 0;
        await Parallel.ForAsync(
            s_mutations.First,
            s_mutations.First + s_mutations.Count,
            TestContext.Current.CancellationToken,
            async (number, cancel) =>
            {
                string text = TokenMutation.Of(programs, number);
                CSharpCompilation compilation = empty.AddSyntaxTrees(Parse(text, "Muddled.cs"));
                try
                {
                    Diagnostic[] said = await SaidAsync(compilation, cancel);
                    withErrors += compilation.GetDiagnostics(cancel)
                        .Any(one => one.Severity == DiagnosticSeverity.Error)
                        ? 1 : 0; // a figure for the output; two threads may lose one count
                    spoken += said.Length > 0 ? 1 : 0;
                    if (said.FirstOrDefault(one => one.Id == "AD0001") is { } crash)
                    {
                        failures.Enqueue($"mutation {number}: {crash}\n{text}");
                    }
                }
                catch (Exception slow) when (slow is TimeoutException
                    || (slow is OperationCanceledException && !cancel.IsCancellationRequested))
                {
                    failures.Enqueue($"mutation {number} took longer than {s_hang.TotalSeconds} s\n{text}");
                }
            });

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{s_mutations.Count} programs, about {withErrors} with errors of the compiler, about {spoken} "
            + "with something to say");
        Assert.True(failures.IsEmpty, $"{failures.Count} failures, the first:\n{failures.FirstOrDefault()}\n"
            + $"all: {string.Join("\n", failures.Select(one => one.Split('\n')[0]))}");
        // Most still have enough of a program in them for the rules to look at.
        Assert.True(spoken > s_mutations.Count / 10, $"the rules spoke about {spoken} only");
    }

    [Theory]
    [InlineData("Polyfill", "contentFiles/cs/netstandard2.0")]
    [InlineData("Polyfill", "contentFiles/cs/net10.0")]
    [InlineData("Nullable", "contentFiles/cs/netstandard2.0")]
    [InlineData("IsExternalInit", "contentFiles/cs/netstandard2.0")]
    public async Task The_sources_of_public_packages_make_no_rule_throw_and_none_speak(
        string package, string folder)
    {
        string root = typeof(RobustnessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "Package:" + package).Value!;
        SyntaxTree[] files =
        [
            .. Directory.GetFiles(Path.Combine(root, folder), "*.cs*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => Parse(File.ReadAllText(path), path)),
        ];
        Assert.NotEmpty(files);
        CSharpCompilation compilation = Compilation(package).AddSyntaxTrees(files);

        Assert.Empty(await SaidAsync(compilation, TestContext.Current.CancellationToken));
    }

    private static async Task<Diagnostic[]> SaidAsync(CSharpCompilation compilation, CancellationToken cancel)
    {
        using var hang = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        hang.CancelAfter(s_hang);
        var run = new CompilationWithAnalyzers(
            compilation,
            Rules.All,
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: false,
                logAnalyzerExecutionTime: false));
        return [.. await run.GetAnalyzerDiagnosticsAsync(hang.Token).WaitAsync(s_hang, cancel)];
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(
        text, new CSharpParseOptions(LanguageVersion.CSharp14), path);

    private static CSharpCompilation Compilation(string name) => CSharpCompilation.Create(
        name,
        syntaxTrees: null,
        [.. ProgramUnderRules.Framework, ProgramUnderRules.Runtime, ProgramUnderRules.Bindings],
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            concurrentBuild: false,
            specificDiagnosticOptions: Rules.ShippedSeverities));

    private static (int First, int Count) Mutations()
    {
        string[] given = (Environment.GetEnvironmentVariable("NVMEGPU_MUTATIONS") ?? "0,10000").Split(',');
        return (int.Parse(given[0]), int.Parse(given[1]));
    }
}
