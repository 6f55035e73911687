#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Branches
{
    public static void Queue(io_uring* ring, int fd, bool isWrite, byte* {|NVG0090:block|})
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (isWrite)
        {
            io_uring_prep_write(sqe, fd, block, 4096, 0);
        }
        else
        {
            io_uring_prep_read(sqe, fd, block, 4096, 0);
        }
    }
}
