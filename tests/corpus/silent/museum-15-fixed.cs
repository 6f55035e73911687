#nullable enable
// Museum row 15, fixed (museum/15a-stack-list-dies-after-an-unchecked-submit.cs):
// https://github.com/axboe/liburing/issues/27
// The iovecs live as long as the buffers that they name.
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
    private static readonly iovec* s_pieces = (iovec*)NativeMemory.Alloc(2, (nuint)sizeof(iovec));
    private static io_uring* s_ring;

    public static void Run(io_uring* ring, int first, int second)
    {
        s_ring = ring;
        Prepare(first, 0, s_first);
        Prepare(second, 1, s_second);
        Wait();
        Wait();
    }

    private static void Prepare(int fd, int index, [KernelRetains(Until.Completion)] byte* bytes)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(s_ring);
        s_pieces[index] = new iovec { iov_base = bytes, iov_len = LengthBytes };
        io_uring_prep_readv(sqe, fd, &s_pieces[index], 1, 0);
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
