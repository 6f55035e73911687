#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Impatient
{
    public static int Abandon(io_uring* ring, int fd)
    {
        void* block = NativeMemory.Alloc(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, block, 4096, 0);
        io_uring_sqe_set_data64(sqe, 1);
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_cancel64(sqe, 1, 0);
        io_uring_sqe_set_data64(sqe, 2);
        int submitted = io_uring_submit(ring);
        {|NVG0003:NativeMemory.Free(block)|};
        return submitted;
    }
}
