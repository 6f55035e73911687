using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// Functions that nobody thought of. NVMEGPU_RANDOM_HEADERS=FIRST,COUNT runs others than the few that every
/// run has.
/// </summary>
public sealed class RandomFunctionsMatchGccTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Random_functions_do_what_gccs_do()
    {
        int[] range = [.. (Environment.GetEnvironmentVariable("NVMEGPU_RANDOM_HEADERS") ?? "1,2")
            .Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        using var folder = new TemporaryFolder();
        var wrong = new List<string>();
        int functions = 0;
        int refused = 0;
        for (int seed = range[0]; seed < range[0] + range[1]; seed++)
        {
            string path = folder.PathOf($"random{seed}.h");
            RandomHeader.Write(seed, path);
            HeaderUnderTest header = new(
                $"random{seed}",
                path,
                [Path.GetFileName(path)],
                [HeaderUnderTest.Constructs.CompilerOptions[0], "--file", path, "--methodClassName", "Made"],
                HeaderUnderTest.Own("random.arena.c"));
            using DifferentialRun run = await DifferentialRun.PrepareAsync(header, Cancellation);
            IReadOnlyDictionary<string, ItemResult> results = await run.CompareFunctionsAsync(Cancellation);
            functions += results.Count;
            refused += run.InlineNames.Count() - results.Count;
            wrong.AddRange(results.Where(pair => pair.Value.Verdict != Verdict.Agrees)
                .Select(pair => $"seed {seed}, {pair.Key} {pair.Value.Verdict}: {pair.Value.What}"));
        }
        output.WriteLine($"{functions} functions agree with gcc, {refused} were refused");
        Wrong.None(wrong);
        Assert.True(functions > refused, $"{refused} functions were refused, {functions} were not");
    }
}
