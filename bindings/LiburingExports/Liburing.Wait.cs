#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using System.Threading;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// Waiting for completions, with and without a time limit.
static partial class Liburing
{
    /// <summary>
    /// Waits until <paramref name="wait_nr"/> completions are there, the time is over (ETIME) or a signal
    /// arrives (EINTR). Returns 0 and the first completion, or a negative errno. Without IORING_FEAT_EXT_ARG
    /// (Linux before 5.11) a time limit is an entry of the submission queue, and everything prepared is
    /// submitted with it. See io_uring_wait_cqes(3).
    /// </summary>
    /// <safety>The ring is initialised, <paramref name="cqe_ptr"/> writable, the others null or readable
    /// during the call. With SQPOLL on such an old kernel <paramref name="ts"/> stays readable until the
    /// polling thread has taken the entry, which may be after the call.</safety>
    [MayBlock]
    [Completes]
    [return: MustObserve]
    public static unsafe int io_uring_wait_cqes(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, __sigset_t* sigmask)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            if (ts == null)
            {
                return __io_uring_get_cqe(ring, cqe_ptr, 0, wait_nr, sigmask);
            }
            if ((ring->features & IORING_FEAT_EXT_ARG) != 0)
            {
                return WaitWithLimits(ring, cqe_ptr, 0, wait_nr, ts, 0, sigmask);
            }
            return WaitWithTimeoutEntry(ring, cqe_ptr, wait_nr, ts, sigmask, isSubmitting: false);
        }
    }

    /// <summary>
    /// Waits for one completion, at most as long as <paramref name="ts"/> says (ETIME then); null waits for
    /// ever. See io_uring_wait_cqe_timeout(3).
    /// </summary>
    /// <safety>As io_uring_wait_cqes.</safety>
    [MayBlock]
    [Completes]
    [return: MustObserve]
    public static unsafe int io_uring_wait_cqe_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, __kernel_timespec* ts)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            return io_uring_wait_cqes(ring, cqe_ptr, 1, ts, null);
        }
    }

    /// <summary>
    /// As io_uring_wait_cqes, but after <paramref name="min_ts_usec"/> microseconds any completion will do. A
    /// kernel without it (before 6.12, IORING_FEAT_MIN_TIMEOUT) is EINVAL. See
    /// io_uring_wait_cqes_min_timeout(3).
    /// </summary>
    /// <safety>As io_uring_wait_cqes.</safety>
    [MayBlock]
    [Completes]
    [return: MustObserve]
    public static unsafe int io_uring_wait_cqes_min_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, uint min_ts_usec,
        __sigset_t* sigmask)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            if (min_ts_usec == 0)
            {
                return io_uring_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
            }
            return (ring->features & IORING_FEAT_MIN_TIMEOUT) == 0
                ? NoCompletion(cqe_ptr, -Libc.EINVAL)
                : WaitWithLimits(ring, cqe_ptr, 0, wait_nr, ts, min_ts_usec, sigmask);
        }
    }

    /// <summary>
    /// Submits what is prepared and waits as io_uring_wait_cqes does. Returns how many entries were
    /// submitted, or a negative errno; when both happened, submitting counts and the completion is null. See
    /// io_uring_submit_and_wait_timeout(3).
    /// </summary>
    /// <safety>As io_uring_wait_cqes and io_uring_submit.</safety>
    [MayBlock]
    [Completes]
    [return: MustObserve]
    public static unsafe int io_uring_submit_and_wait_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, __sigset_t* sigmask)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            if (ts == null)
            {
                return __io_uring_get_cqe(ring, cqe_ptr, PublishSubmissions(ring), wait_nr, sigmask);
            }
            if ((ring->features & IORING_FEAT_EXT_ARG) != 0)
            {
                return WaitWithLimits(ring, cqe_ptr, PublishSubmissions(ring), wait_nr, ts, 0, sigmask);
            }
            return WaitWithTimeoutEntry(ring, cqe_ptr, wait_nr, ts, sigmask, isSubmitting: true);
        }
    }

    /// <summary>
    /// As io_uring_submit_and_wait_timeout, but after <paramref name="min_wait"/> microseconds any completion
    /// will do. A kernel without it (before 6.12) is EINVAL. See io_uring_submit_and_wait_min_timeout(3).
    /// </summary>
    /// <safety>As io_uring_wait_cqes and io_uring_submit.</safety>
    [MayBlock]
    [Completes]
    [return: MustObserve]
    public static unsafe int io_uring_submit_and_wait_min_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, uint min_wait,
        __sigset_t* sigmask)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            if (min_wait == 0)
            {
                return io_uring_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
            }
            return (ring->features & IORING_FEAT_MIN_TIMEOUT) == 0
                ? NoCompletion(cqe_ptr, -Libc.EINVAL)
                : WaitWithLimits(ring, cqe_ptr, PublishSubmissions(ring), wait_nr, ts, min_wait, sigmask);
        }
    }

    /// <summary>
    /// Submits and waits by the wait description number <paramref name="reg_index"/> of the region that was
    /// registered with IORING_MEM_REGION_REG_WAIT_ARG; since Linux 6.13. See io_uring_submit_and_wait_reg(3).
    /// </summary>
    /// <safety>As io_uring_submit; <paramref name="cqe_ptr"/> is writable.</safety>
    [MayBlock]
    [Completes]
    [return: MustObserve]
    public static unsafe int io_uring_submit_and_wait_reg(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, int reg_index)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            if ((ring->features & IORING_FEAT_EXT_ARG) == 0)
            {
                return NoCompletion(cqe_ptr, -Libc.EINVAL);
            }
            return WaitLoop(ring, cqe_ptr, new WaitRequest
            {
                SubmitCount = PublishSubmissions(ring),
                WaitCount = wait_nr,
                EnterFlags = IORING_ENTER_EXT_ARG | IORING_ENTER_EXT_ARG_REG,
                // Not a pointer but an offset into the region; a negative index is one that the kernel
                // refuses.
                Argument = unchecked((void*)((nint)reg_index * sizeof(io_uring_reg_wait))),
                ArgumentBytes = (nuint)sizeof(io_uring_reg_wait),
                HasTimeLimit = true,
                CountedMax = int.MaxValue,
            });
        }
    }

    /// <summary>
    /// What the inline wait and peek functions come down to: submits <paramref name="submit"/> published
    /// entries, waits until <paramref name="wait_nr"/> completions are there and gives the first; with
    /// neither, EAGAIN when there is none. See io_uring_wait_cqe_nr(3).
    /// </summary>
    /// <safety>As io_uring_wait_cqes.</safety>
    [MayBlock]
    [Completes]
    [return: MustObserve]
    public static unsafe int __io_uring_get_cqe(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint submit, uint wait_nr, __sigset_t* sigmask)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            return WaitLoop(ring, cqe_ptr, new WaitRequest
            {
                SubmitCount = submit,
                WaitCount = wait_nr,
                Argument = sigmask,
                ArgumentBytes = KernelSignalSetBytes,
                CountedMax = int.MaxValue,
            });
        }
    }

    /// <summary>
    /// Gives up to <paramref name="count"/> completions that are there, oldest first, without waiting; a
    /// system call only when some wait inside the kernel. Returns how many. They stay in the ring until it is
    /// advanced. See io_uring_peek_batch_cqe(3).
    /// </summary>
    /// <safety>The ring is initialised; <paramref name="cqes"/> has room for <paramref name="count"/>
    /// pointers.</safety>
    [MayBlock]
    [Completes]
    [return: MustObserve]
    public static unsafe uint io_uring_peek_batch_cqe(io_uring* ring, io_uring_cqe** cqes, uint count)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            uint ready = ReadyCount(ring);
            if (ready == 0 && KernelHasCompletions(ring))
            {
                // An error here shows again in the next wait or submit.
                _ = io_uring_get_events(ring);
                ready = ReadyCount(ring);
            }
            uint taken = ready < count ? ready : count;
            uint head = Volatile.Read(ref *ring->cq.khead); // written by us alone
            for (uint i = 0; i < taken; i++)
            {
                cqes[i] = CompletionAt(ring, unchecked(head + i));
            }
            return taken;
        }
    }

    private struct WaitRequest
    {
        public uint SubmitCount;
        public uint WaitCount;
        public uint EnterFlags;
        public unsafe void* Argument;
        public nuint ArgumentBytes;
        public bool HasTimeLimit;

        /// <summary>How many of the submitted entries are the caller's, and the result.</summary>
        public int CountedMax;
    }

    /// <summary>A wait with a limit for the whole, one for the batch, or both. Linux 5.11.</summary>
    private static unsafe int WaitWithLimits(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint submitCount, uint waitCount, __kernel_timespec* ts,
        uint minWaitMicroseconds, __sigset_t* sigmask)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            // On this frame: the kernel reads it during the call only.
            var argument = new io_uring_getevents_arg
            {
                sigmask = (ulong)sigmask,
                sigmask_sz = KernelSignalSetBytes,
                min_wait_usec = minWaitMicroseconds,
                ts = (ulong)ts,
            };
            return WaitLoop(ring, cqe_ptr, new WaitRequest
            {
                SubmitCount = submitCount,
                WaitCount = waitCount,
                EnterFlags = IORING_ENTER_EXT_ARG,
                Argument = &argument,
                ArgumentBytes = (nuint)sizeof(io_uring_getevents_arg),
                HasTimeLimit = ts != null || minWaitMicroseconds != 0,
                CountedMax = int.MaxValue,
            });
        }
    }

    /// <summary>
    /// A wait with a limit on kernels without IORING_FEAT_EXT_ARG: a timeout goes along as the last entry. It
    /// is not the caller's, so it does not count as submitted.
    /// </summary>
    private static unsafe int WaitWithTimeoutEntry(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint waitCount, __kernel_timespec* ts, __sigset_t* sigmask,
        bool isSubmitting)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            int pending = PrepareTimeout(ring, waitCount, ts);
            if (pending < 0)
            {
                return NoCompletion(cqe_ptr, pending);
            }
            return WaitLoop(ring, cqe_ptr, new WaitRequest
            {
                SubmitCount = (uint)pending,
                WaitCount = waitCount,
                Argument = sigmask,
                ArgumentBytes = KernelSignalSetBytes,
                CountedMax = isSubmitting ? pending - 1 : 0,
            });
        }
    }

    /// <summary>
    /// Looks, and enters the kernel until there is something to give or a reason to stop. What was submitted
    /// is the result, whatever fails after it.
    /// </summary>
    [Completes]
    private static unsafe int WaitLoop(io_uring* ring, io_uring_cqe** cqe_ptr, WaitRequest request)
    {
        int submitted = 0;
        bool hasEntered = false;
        while (true)
        {
            // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives
            // during the call.
            unsafe
            {
                int error = PeekCompletion(ring, out io_uring_cqe* cqe, out uint available);
                if (error == 0)
                {
                    bool isWaiting = request.WaitCount > available;
                    if (cqe == null && request.WaitCount == 0 && request.SubmitCount == 0)
                    {
                        // A mere look: one system call, if completions may come from it.
                        isWaiting = !hasEntered && CompletionsNeedEnter(ring);
                        error = isWaiting ? 0 : -Libc.EAGAIN;
                    }
                    uint flags = isWaiting ? IORING_ENTER_GETEVENTS | request.EnterFlags : 0;
                    bool isEntering = SubmissionsNeedEnter(ring, request.SubmitCount, ref flags) || isWaiting;
                    if (!isEntering)
                    {
                        // The polling thread is awake: published is submitted.
                        submitted = unchecked(submitted + (int)request.SubmitCount);
                    }
                    if (isEntering && hasEntered && request.HasTimeLimit)
                    {
                        // The system call came back with too little: its time was over, even where it says 0.
                        error = cqe == null ? -Libc.ETIME : 0;
                        isEntering = false;
                    }
                    if (error == 0 && isEntering)
                    {
                        int taken = Enter(
                            ring, request.SubmitCount, request.WaitCount, flags, request.Argument,
                            request.ArgumentBytes);
                        if (taken >= 0)
                        {
                            // None taken: fewer were published than the caller says, and asking again is
                            // endless.
                            request.SubmitCount = taken == 0
                                ? 0 : unchecked(request.SubmitCount - (uint)taken);
                            submitted = unchecked(submitted + taken);
                            hasEntered = true;
                            if (cqe == null)
                            {
                                continue;
                            }
                        }
                        error = taken < 0 ? taken : 0;
                    }
                }
                *cqe_ptr = cqe;
                int counted = submitted < request.CountedMax ? submitted : request.CountedMax;
                return counted != 0 ? counted : error;
            }
        }
    }

    /// <summary>
    /// The time limit of kernels without IORING_FEAT_EXT_ARG: an entry that completes after the time, or
    /// after <paramref name="waitCount"/> completions. Returns how many entries are to be submitted, or a
    /// negative errno.
    /// </summary>
    private static unsafe int PrepareTimeout(
        io_uring* ring, uint waitCount, [KernelRetains(Until.Submit)] __kernel_timespec* ts)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            io_uring_sqe* sqe = TakeEntry(ring);
            if (sqe == null)
            {
                int submitted = io_uring_submit(ring);
                if (submitted < 0)
                {
                    return submitted;
                }
                sqe = TakeEntry(ring);
                if (sqe == null)
                {
                    return -Libc.EAGAIN;
                }
            }
            *sqe = default;
            sqe->opcode = (byte)io_uring_op.IORING_OP_TIMEOUT;
            sqe->fd = -1;
            sqe->addr = (ulong)ts;
            sqe->len = 1;
            sqe->off = waitCount;
            sqe->user_data = LIBURING_UDATA_TIMEOUT;
            return unchecked((int)PublishSubmissions(ring));
        }
    }

    /// <summary>The next free entry, or null: what the inline io_uring_get_sqe does.</summary>
    private static unsafe io_uring_sqe* TakeEntry(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            // Pairs with the kernel's release store of sq.head, after which it does not look at the entry
            // again.
            uint used = unchecked(ring->sq.sqe_tail - Volatile.Read(ref *ring->sq.khead));
            if (used >= ring->sq.ring_entries)
            {
                return null;
            }
            int shift = (ring->flags & IORING_SETUP_SQE128) != 0 ? 1 : 0;
            io_uring_sqe* sqe = ring->sq.sqes + ((nuint)(ring->sq.sqe_tail & ring->sq.ring_mask) << shift);
            ring->sq.sqe_tail = unchecked(ring->sq.sqe_tail + 1);
            return sqe;
        }
    }

    private static unsafe int NoCompletion(io_uring_cqe** cqe_ptr, int error)
    {
        // SAFETY: the caller's ring is initialised, its pointers are writable, and what it lends lives during
        // the call.
        unsafe
        {
            *cqe_ptr = null;
        }
        return error;
    }
}
