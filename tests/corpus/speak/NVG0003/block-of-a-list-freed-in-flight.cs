#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Scatter
{
    public static int Read(io_uring* ring, int fd)
    {
        void* block = NativeMemory.Alloc(8192);
        iovec* pieces = (iovec*)NativeMemory.Alloc(2, (nuint)sizeof(iovec));
        pieces[0] = new iovec { iov_base = block, iov_len = 8192 };
        pieces[1] = default;
        io_uring_prep_readv(io_uring_get_sqe(ring), fd, pieces, 1, 0);
        int submitted = io_uring_submit(ring);
        {|NVG0003:NativeMemory.Free(block)|};
        return submitted;
    }
}
