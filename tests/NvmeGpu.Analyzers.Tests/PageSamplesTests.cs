using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>
/// What a page shows as bad and as good is compiled against the library, and all rules are run over it: a bad
/// block gives exactly the lines that it marks, a good one nothing.
/// </summary>
public sealed class PageSamplesTests
{
    private static readonly CSharpParseOptions s_language = new(LanguageVersion.CSharp14);

    private static readonly CSharpCompilationOptions s_compilation =
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);

    /// <summary>As a consumer in project mode sees the library; both assemblies lie beside the
    /// tests.</summary>
    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)
                || Path.GetFileName(path) is "NvmeGpu.dll" or "NvmeGpu.Bindings.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string> Ids => RuleCompletenessTests.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_bad_sample_gives_exactly_the_lines_that_it_marks(string id)
    {
        RequireInlineFunctions();
        PageSample[] samples = [.. PageSample.Of(id, "## Bad")];
        Assert.NotEmpty(samples);
        foreach (PageSample sample in samples)
        {
            (int, string)[] marked = [.. sample.Marked().Order()];
            Assert.True(marked.Any(mark => mark.Item2 == id), $"{sample} marks no line with // {id}.");
            Assert.Equal(
                (sample.ToString(), Text(marked)), (sample.ToString(), Text(await SaidAsync(sample))));
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_good_sample_gives_nothing(string id)
    {
        RequireInlineFunctions();
        PageSample[] samples = [.. PageSample.Of(id, "## Good")];
        Assert.NotEmpty(samples);
        foreach (PageSample sample in samples)
        {
            Assert.Equal((sample.ToString(), ""), (sample.ToString(), Text(await SaidAsync(sample))));
        }
    }

    private static async Task<IEnumerable<(int Line, string Id)>> SaidAsync(PageSample sample)
    {
        CSharpCompilation program = CSharpCompilation.Create(
            "Page",
            [CSharpSyntaxTree.ParseText(sample.Program(), s_language)],
            s_references,
            s_compilation);
        Diagnostic[] errors =
        [
            .. program.GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error),
        ];
        Assert.True(
            errors.Length == 0, $"{sample} does not compile:\n{string.Join('\n', errors.AsEnumerable())}");
        return (await program
            .WithAnalyzers([.. RuleCompletenessTests.Analyzers()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken))
            .Select(said => (said.Location.GetMappedLineSpan().StartLinePosition.Line + 1, said.Id))
            .Distinct()
            .Order();
    }

    private static string Text(IEnumerable<(int Line, string Id)> lines) =>
        string.Join(", ", lines.Select(line => $"line {line.Line} {line.Id}"));

    /// <summary>The pages use liburing's inline functions, which a plain clone does not have yet.</summary>
    private static void RequireInlineFunctions() => Assert.SkipUnless(
        typeof(NvmeGpu.Bindings.Liburing).GetMethod("io_uring_prep_read") is not null,
        "The bindings were built without liburing's inline functions: ./build/regenerate makes them.");
}
