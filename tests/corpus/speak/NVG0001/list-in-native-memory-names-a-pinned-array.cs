#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Gather
{
    public static bool Queue(io_uring* ring, int fd, byte[] body)
    {
        iovec* piece = (iovec*)NativeMemory.Alloc((nuint)sizeof(iovec));
        fixed (byte* p = body)
        {
            piece->iov_base = {|NVG0001:p|};
            piece->iov_len = (nuint)body.Length;
            io_uring_prep_readv(io_uring_get_sqe(ring), fd, piece, 1, 0);
        }
        return io_uring_submit(ring) == 1;
    }
}
