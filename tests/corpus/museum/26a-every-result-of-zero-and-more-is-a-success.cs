#nullable enable
// Museum row 26: https://github.com/LMCache/LMCache/pull/2635 (Rust, found in review; the same in
// https://github.com/facebook/rocksdb/pull/6441)
// A worker thread makes a ring, takes submissions from a queue, and tells each one's owner that it succeeded
// unless the result is negative. A short transfer counts as a whole one. The ring is the thread's local, the
// submissions in flight are in a dictionary by user data.
// caught: NVG0009
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed record Submission(int Fd, nint Address, uint LengthBytes, ulong Offset, bool IsWrite)
{
    public TaskCompletionSource Completion { get; } = new();
}

internal static unsafe class RawBlockWorker
{
    public static void Run(BlockingCollection<Submission> queue)
    {
        io_uring ring;
        if (io_uring_queue_init(64, &ring, 0) < 0)
        {
            return;
        }
        var inFlight = new Dictionary<ulong, Submission>();
        ulong next = 1;
        while (queue.TryTake(out Submission? submission, Timeout.Infinite))
        {
            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            if (submission.IsWrite)
            {
                io_uring_prep_write(
                    sqe, submission.Fd, (void*)submission.Address, submission.LengthBytes, submission.Offset);
            }
            else
            {
                io_uring_prep_read(
                    sqe, submission.Fd, (void*)submission.Address, submission.LengthBytes, submission.Offset);
            }
            sqe->user_data = next;
            inFlight.Add(next++, submission);
            if (io_uring_submit_and_wait(&ring, 1) < 0)
            {
                break;
            }
            io_uring_cqe* cqe;
            while (io_uring_peek_cqe(&ring, &cqe) == 0)
            {
                inFlight.Remove(cqe->user_data, out Submission? done);
                if ({|NVG0009:cqe->res|} < 0)
                {
                    done!.Completion.SetException(new InvalidOperationException("The transfer failed."));
                }
                else
                {
                    done!.Completion.SetResult();
                }
                io_uring_cqe_seen(&ring, cqe);
            }
        }
        io_uring_queue_exit(&ring);
    }
}
