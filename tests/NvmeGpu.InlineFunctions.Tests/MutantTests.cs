using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// The comparison with gcc, tested: every small mistake in the translation of liburing must be noticed by it. A mutant that
/// is not is either equivalent, and then told below why, or the vectors are too weak.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int MutantsMin = 200;

    /// <summary>Mutants that do the same as the function, and why; by function and change.</summary>
    private static readonly Dictionary<string, string> s_equivalent = new(StringComparer.Ordinal)
    {
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mutant_of_the_translation_is_noticed_or_equivalent()
    {
        using DifferentialRun run = await DifferentialRun.PrepareAsync(HeaderUnderTest.Liburing, Cancellation);
        IReadOnlyList<Mutant> mutants = new Mutator(run.Translated, run.Builder.Compilation).MakeAll(Cancellation);

        IReadOnlyList<(Mutant Mutant, ItemResult Result)> results =
            await run.CompareMutantsAsync(mutants, Cancellation);

        HashSet<string> survivors = [.. results.Where(pair => pair.Result.Verdict is Verdict.Agrees)
            .Select(pair => pair.Mutant.ToString())];
        output.WriteLine($"{mutants.Count} mutants, {results.Count} compile: "
            + string.Join(", ", results.CountBy(pair => pair.Result.Verdict)));
        FactsFile.Write(
            HeaderUnderTest.Liburing,
            ("mutants", results.Count),
            ("killed", results.Count - survivors.Count),
            ("survived", survivors.Count));
        Assert.True(results.Count >= MutantsMin, $"only {results.Count} mutants");
        Wrong.None(
        [
            .. run.InlineNames.Where(NeedsMutants).Except(results.Select(pair => pair.Mutant.Function))
                .Select(name => $"{name} has no mutant"),
            .. survivors.Except(s_equivalent.Keys).Order(StringComparer.Ordinal)
                .Select(mutant => $"not noticed: {mutant}"),
            .. s_equivalent.Keys.Except(survivors).Order(StringComparer.Ordinal)
                .Select(mutant => $"said to be equivalent, and noticed or gone: {mutant}"),
        ]);

        // A body of a single `return parameter` has nothing to change.
        bool NeedsMutants(string function) => function is not "__io_uring_prep_poll_mask";
    }
}
