#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Polled
{
    private static readonly void* s_page = NativeMemory.AllocZeroed(4096);

    public static void Start(io_uring* ring, int fd)
    {
        if (io_uring_queue_init(8, ring, IORING_SETUP_SQPOLL) != 0)
        {
            throw new InvalidOperationException("No ring.");
        }
        var piece = new iovec { iov_base = s_page, iov_len = 4096 };
        io_uring_prep_readv(io_uring_get_sqe(ring), fd, {|NVG0002:&piece|}, 1, 0);
        if (io_uring_submit(ring) != 1)
        {
            throw new InvalidOperationException("Not submitted.");
        }
    }
}
