#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Vectored
{
    private static readonly void* s_page = NativeMemory.AllocZeroed(4096);

    public static void Queue(io_uring* ring, int fd)
    {
        iovec piece;
        piece.iov_base = s_page;
        piece.iov_len = 4096;
        io_uring_prep_readv(io_uring_get_sqe(ring), fd, {|NVG0002:&piece|}, 1, 0);
    }
}
