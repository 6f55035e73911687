#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Reader
{
    public static int Begin(io_uring* ring, int fd, void* {|NVG0090:block|}, uint lengthBytes)
    {
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, lengthBytes, 0);
        return io_uring_submit(ring);
    }
}
