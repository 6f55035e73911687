#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class HeaderReader
{
    public static bool Begin(io_uring* ring, int fd)
    {
        byte* header = stackalloc byte[512];
        io_uring_prep_read(io_uring_get_sqe(ring), fd, {|NVG0002:header|}, 512, 0);
        return io_uring_submit(ring) == 1;
    }
}
