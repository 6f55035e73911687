#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Impatient
{
    public static int Peek(io_uring* ring, int fd)
    {
        byte* block = (byte*)NativeMemory.AllocZeroed(64);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, block, 64, 0);
        io_uring_sqe_set_data64(sqe, 1);
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_cancel64(sqe, 1, 0);
        io_uring_sqe_set_data64(sqe, 2);
        int submitted = io_uring_submit(ring);
        return submitted == 2 ? {|NVG0004:block[63]|} : submitted;
    }
}
