#nullable enable
// Museum row 15: https://github.com/axboe/liburing/issues/27 (C)
// A helper prepares a vectored read with an iovec on its own stack, submits without looking at the result and
// returns; the caller waits. The kernel of the time read the iovec when the work was done, and a submit that
// takes nothing leaves the entry to a later one on any kernel. The ring is global, the iovec a local.
// caught: NVG0002
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class TwoReads
{
    private const int LengthBytes = 32768;
    private static readonly byte* s_first = (byte*)NativeMemory.Alloc(LengthBytes);
    private static readonly byte* s_second = (byte*)NativeMemory.Alloc(LengthBytes);
    private static io_uring* s_ring;

    public static void Run(io_uring* ring, int first, int second)
    {
        s_ring = ring;
        Prepare(first, s_first);
        Prepare(second, s_second);
        Wait();
        Wait();
    }

    private static void Prepare(int fd, [KernelRetains(Until.Completion)] byte* bytes)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(s_ring);
        var iov = new iovec { iov_base = bytes, iov_len = LengthBytes };
        io_uring_prep_readv(sqe, fd, {|NVG0002:&iov|}, 1, 0);
        sqe->user_data = (ulong)fd;
        io_uring_submit(s_ring);
        Console.WriteLine($"submitted {fd}");
    }

    private static void Wait()
    {
        io_uring_cqe* cqe;
        if (io_uring_wait_cqe(s_ring, &cqe) == 0)
        {
            Console.WriteLine($"finished {cqe->user_data} with {cqe->res}");
            io_uring_cqe_seen(s_ring, cqe);
        }
    }
}
