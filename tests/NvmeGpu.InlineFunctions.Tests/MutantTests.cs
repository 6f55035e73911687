using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// The comparison with gcc, tested: every small mistake in the translation of liburing must be noticed by it.
/// A mutant that is not is either equivalent, and then told below why, or the vectors are too weak.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int MutantsMin = 200;

    private const string SameWord =
        "Both branches read the same word. That the acquiring one is the kernel thread's is read by "
        + "MemoryOrderTests.";

    private const string ZeroIsNoError =
        "The error becomes the result, which is 0 already: it is 0 either way.";

    private const string OffsetIsOverwritten =
        "The offset shares its place with a field that the function sets afterwards.";

    private const string AllocEitherWay =
        "-2 is IORING_FILE_INDEX_ALLOC less one, which the callee makes of -1.";

    private const string AlreadyZero =
        "io_uring_prep_rw has set addr, which is the same place, to 0.";

    private const string LowHalf =
        "Only the low 32 bits of the difference are returned.";

    private const string NotNegative =
        "The length is not negative there, and so has no bits above the 32nd.";

    /// <summary>Mutants that do the same as the function, and why; by function and change.</summary>
    private static readonly Dictionary<string, string> s_equivalent = new(StringComparer.Ordinal)
    {
        ["__io_uring_peek_cqe: [cqe->res < 0] 0 -> (0 + 1)"] =
            ZeroIsNoError,
        ["__io_uring_peek_cqe: cqe->res < 0 -> (cqe->res <= 0)"] =
            ZeroIsNoError,
        ["_io_uring_get_sqe: (ring->flags & IORING_SETUP_SQPOLL) == 0 -> !((ring->flags & "
        + "IORING_SETUP_SQPOLL) == 0)"] =
            SameWord,
        ["_io_uring_get_sqe: (ring->flags & IORING_SETUP_SQPOLL) == 0 -> ((ring->flags & "
        + "IORING_SETUP_SQPOLL) != 0)"] =
            SameWord,
        ["_io_uring_get_sqe: [(ring->flags & IORING_SETUP_SQPOLL) == 0] 0 -> (0 + 1)"] =
            SameWord,
        ["_io_uring_get_sqe: [(ring->flags & IORING_SETUP_SQPOLL)] ring->flags & IORING_SETUP_SQPOLL -> "
        + "(ring->flags | IORING_SETUP_SQPOLL)"] =
            SameWord,
        ["_io_uring_get_sqe: [ring->flags & IORING_SETUP_SQPOLL] IORING_SETUP_SQPOLL -> (IORING_SETUP_SQPOLL "
        + "+ 1)"] =
            SameWord,
        ["_io_uring_get_sqe: [ring->flags & IORING_SETUP_SQPOLL] ring->flags -> ring->features"] =
            SameWord,
        ["io_uring_prep_cmd_discard: [0] 0 -> (0 + 1) (no. 2)"] =
            OffsetIsOverwritten,
        ["io_uring_prep_cmd_sock: [0] 0 -> (0 + 1) (no. 2)"] =
            OffsetIsOverwritten,
        ["io_uring_prep_msg_ring_fd_alloc: [-1] 1 -> (1 + 1)"] =
            AllocEitherWay,
        ["io_uring_prep_tee: sqe->splice_off_in = 0; -> ;"] =
            AlreadyZero,
        ["io_uring_prep_waitid: [0] 0 -> (0 + 1)"] =
            OffsetIsOverwritten,
        ["io_uring_recvmsg_payload_length: [(nuint)o + (nuint)buf_len] (nuint)buf_len -> "
        + "(nuint)(uint)(buf_len)"] =
            LowHalf,
        ["io_uring_recvmsg_payload_length: [(nuint)o + (nuint)buf_len] (nuint)o -> (nuint)(uint)(o)"] =
            LowHalf,
        ["io_uring_recvmsg_payload_length: [payload_start = (nuint)io_uring_recvmsg_payload(o, msgh)] "
        + "(nuint)io_uring_recvmsg_payload(o, msgh) -> (nuint)(uint)(io_uring_recvmsg_payload(o, msgh))"] =
            LowHalf,
        ["io_uring_recvmsg_validate: [(nuint)buf_len < header] (nuint)buf_len -> (nuint)(uint)(buf_len)"] =
            NotNegative,
        ["io_uring_sq_ready: (ring->flags & IORING_SETUP_SQPOLL) != 0 -> !((ring->flags & "
        + "IORING_SETUP_SQPOLL) != 0)"] =
            SameWord,
        ["io_uring_sq_ready: (ring->flags & IORING_SETUP_SQPOLL) != 0 -> ((ring->flags & "
        + "IORING_SETUP_SQPOLL) == 0)"] =
            SameWord,
        ["io_uring_sq_ready: [(ring->flags & IORING_SETUP_SQPOLL) != 0] 0 -> (0 + 1)"] =
            SameWord,
        ["io_uring_sq_ready: [(ring->flags & IORING_SETUP_SQPOLL)] ring->flags & IORING_SETUP_SQPOLL -> "
        + "(ring->flags | IORING_SETUP_SQPOLL)"] =
            SameWord,
        ["io_uring_sq_ready: [ring->flags & IORING_SETUP_SQPOLL] IORING_SETUP_SQPOLL -> (IORING_SETUP_SQPOLL "
        + "+ 1)"] =
            SameWord,
        ["io_uring_sq_ready: [ring->flags & IORING_SETUP_SQPOLL] ring->flags -> ring->features"] =
            SameWord,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mutant_of_the_translation_is_noticed_or_equivalent()
    {
        using DifferentialRun run =
            await DifferentialRun.PrepareAsync(HeaderUnderTest.Liburing, Cancellation);
        IReadOnlyList<Mutant> mutants =
            new Mutator(run.Translated, run.Builder.Compilation).MakeAll(Cancellation);

        IReadOnlyList<(Mutant Mutant, ItemResult Result)> results =
            await run.CompareMutantsAsync(mutants, Cancellation);

        HashSet<string> survivors = [.. results.Where(pair => pair.Result.Verdict is Verdict.Agrees)
            .Select(pair => pair.Mutant.ToString())];
        output.WriteLine($"{mutants.Count} mutants, {results.Count} compile: "
            + string.Join(", ", results.CountBy(pair => pair.Result.Verdict)));
        FactsFile.Keep(
            HeaderUnderTest.Liburing.FactsName,
            ("mutants", results.Count),
            ("killed", results.Count - survivors.Count),
            ("survived", survivors.Count));
        Assert.True(results.Count >= MutantsMin, $"only {results.Count} mutants");
        Wrong.None(
        [
            .. run.InlineNames.Except(results.Select(pair => pair.Mutant.Function))
                .Select(name => $"{name} has no mutant"),
            .. survivors.Except(s_equivalent.Keys).Order(StringComparer.Ordinal)
                .Select(mutant => $"not noticed: {mutant}"),
            .. s_equivalent.Keys.Except(survivors).Order(StringComparer.Ordinal)
                .Select(mutant => $"said to be equivalent, and noticed or gone: {mutant}"),
        ]);
    }
}
