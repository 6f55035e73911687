using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>Every translated function against gcc's: results, memory, calls of external functions.</summary>
public sealed class TranslatedFunctionsMatchGccTests(ITestOutputHelper output)
{
    public static TheoryData<HeaderUnderTest> Headers =>
        [HeaderUnderTest.Liburing, HeaderUnderTest.Constructs];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Every_inline_function_does_what_gccs_does(HeaderUnderTest header)
    {
        using DifferentialRun run = await DifferentialRun.PrepareAsync(header, Cancellation);
        IReadOnlyDictionary<string, ItemResult> results = await run.CompareFunctionsAsync(Cancellation);

        Wrong.None(
        [
            .. run.InlineNames.Except(run.Translated.Methods.Keys).Select(name => $"{name} has no method"),
            .. run.Translated.Methods.Keys.Except(run.InlineNames)
                .Select(name => $"{name} is not in the header"),
            .. results.Where(pair => pair.Value.Verdict != Verdict.Agrees)
                .Select(pair => $"{pair.Key} {pair.Value.Verdict}: {pair.Value.What}"),
        ]);
        Assert.All(results, pair => Assert.True(
            pair.Value.CallCount >= DifferentialRun.RandomCount,
            $"{pair.Key}: {pair.Value.CallCount} calls"));
        long calls = results.Values.Sum(result => result.CallCount);
        output.WriteLine(
            $"{header}: {results.Count} functions, {calls} calls agree with gcc, seed "
            + $"{DifferentialRun.Seed}");
        FactsFile.Keep(header.FactsName, ("functions", results.Count), ("calls", calls));
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Translated_code_compiles_without_a_warning(HeaderUnderTest header)
    {
        await Gcc.RequireAllAsync();
        TranslatedHeader translated = await TranslatedHeader.MakeAsync(header, Cancellation);
        SemanticModel model =
            new ManagedSideBuilder(translated).Compilation.GetSemanticModel(translated.Inline);

        Wrong.None([.. model.GetDiagnostics(cancellationToken: Cancellation)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic + " in " + translated.Inline.GetText(Cancellation)
                .Lines.GetLineFromPosition(diagnostic.Location.SourceSpan.Start).ToString().Trim())]);
    }
}
