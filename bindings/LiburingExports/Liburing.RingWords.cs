#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using System.Threading;

namespace NvmeGpu.Bindings;

// The words that a ring shares with the kernel. Heads and tails count for ever and wrap at 2^32, so their
// arithmetic is unchecked whatever the consumer compiles with.
static partial class Liburing
{
    /// <summary>
    /// Makes the entries that were prepared visible to the kernel and returns how many it has not taken yet.
    /// </summary>
    private static unsafe uint PublishSubmissions(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside its
        // arrays.
        unsafe
        {
            uint tail = ring->sq.sqe_tail;
            if (ring->sq.sqe_head != tail)
            {
                ring->sq.sqe_head = tail;
                // Releases the entries: pairs with the kernel's acquire load of sq.tail, in io_uring_enter or
                // in the polling thread.
                Volatile.Write(ref *ring->sq.ktail, tail);
            }
            // Pairs with the kernel's release store of sq.head. With SQPOLL the number may be old at once:
            // the thread goes on taking entries.
            return unchecked(tail - Volatile.Read(ref *ring->sq.khead));
        }
    }

    /// <summary>Completions that can be read without a system call.</summary>
    private static unsafe uint ReadyCount(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside its
        // arrays.
        unsafe
        {
            // The tail pairs with the kernel's release store after it wrote the entries; the head is only
            // ours.
            return unchecked(Volatile.Read(ref *ring->cq.ktail) - Volatile.Read(ref *ring->cq.khead));
        }
    }

    /// <summary>The entry at a position that counts for ever.</summary>
    private static unsafe io_uring_cqe* CompletionAt(io_uring* ring, uint position)
    {
        // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside its
        // arrays.
        unsafe
        {
            // With CQE32 an entry is as large as two.
            int shift = (ring->flags & IORING_SETUP_CQE32) != 0 ? 1 : 0;
            return ring->cq.cqes + ((nuint)(position & ring->cq.ring_mask) << shift);
        }
    }

    /// <summary>Gives completions back to the kernel.</summary>
    private static unsafe void AdvanceCompletions(io_uring* ring, uint count)
    {
        // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside its
        // arrays.
        unsafe
        {
            // Release: what we read of the entries is read before the kernel may overwrite them. Pairs with
            // the kernel's load of cq.head before it writes an entry.
            Volatile.Write(ref *ring->cq.khead, unchecked(Volatile.Read(ref *ring->cq.khead) + count));
        }
    }

    /// <summary>
    /// The next completion, or null. The completion of a timeout that <see cref="PrepareTimeout"/> queued is
    /// taken away; when the time ran out, its ETIME is the result.
    /// </summary>
    private static unsafe int PeekCompletion(io_uring* ring, out io_uring_cqe* cqe, out uint availableCount)
    {
        while (true)
        {
            // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside
            // its arrays.
            unsafe
            {
                availableCount = ReadyCount(ring);
                if (availableCount == 0)
                {
                    cqe = null;
                    return 0;
                }
                cqe = CompletionAt(ring, Volatile.Read(ref *ring->cq.khead));
                if ((ring->features & IORING_FEAT_EXT_ARG) != 0 || cqe->user_data != LIBURING_UDATA_TIMEOUT)
                {
                    return 0;
                }
                int result = cqe->res;
                AdvanceCompletions(ring, 1);
                if (result < 0)
                {
                    cqe = null;
                    return result;
                }
            }
        }
    }

    /// <summary>
    /// Completions wait inside the kernel for a system call of ours: entries that did not fit, or task work.
    /// </summary>
    private static unsafe bool KernelHasCompletions(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside its
        // arrays.
        unsafe
        {
            return (SubmissionFlags(ring) & (IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN)) != 0;
        }
    }

    /// <summary>
    /// Nothing completes without a system call: also with IOPOLL, unless the kernel's thread does the
    /// polling.
    /// </summary>
    private static unsafe bool CompletionsNeedEnter(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside its
        // arrays.
        unsafe
        {
            return (ring->flags & (IORING_SETUP_IOPOLL | IORING_SETUP_SQPOLL)) == IORING_SETUP_IOPOLL
                || KernelHasCompletions(ring);
        }
    }

    /// <summary>
    /// Whether published entries need a system call; <paramref name="flags"/> gets what to call it with.
    /// </summary>
    private static unsafe bool SubmissionsNeedEnter(io_uring* ring, uint count, ref uint flags)
    {
        if (count == 0)
        {
            return false;
        }
        // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside its
        // arrays.
        unsafe
        {
            if ((ring->flags & IORING_SETUP_SQPOLL) == 0)
            {
                return true;
            }
            // The store of sq.tail must be visible before the flag is read, or both sides sleep: a full
            // fence, which neither the release store nor the acquire load is. Pairs with the kernel's smp_mb
            // after it sets the flag and before it looks at sq.tail once more.
            Interlocked.MemoryBarrier();
            if ((SubmissionFlags(ring) & IORING_SQ_NEED_WAKEUP) == 0)
            {
                return false;
            }
        }
        flags |= IORING_ENTER_SQ_WAKEUP;
        return true;
    }

    /// <summary>The kernel's word to us; it is written with atomic operations on its side.</summary>
    private static unsafe uint SubmissionFlags(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised: its words are mapped, and masks keep positions inside its
        // arrays.
        unsafe
        {
            return Volatile.Read(ref *ring->sq.kflags);
        }
    }
}
