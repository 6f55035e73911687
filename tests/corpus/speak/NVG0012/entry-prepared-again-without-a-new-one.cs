#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Reuse
{
    public static int Twice(io_uring* ring, int fd)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_fsync(sqe, fd, 0);
        int submitted = io_uring_submit(ring);
        {|NVG0012:io_uring_prep_fsync(sqe, fd, 1)|};
        return submitted + io_uring_submit(ring);
    }
}
