#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Owned
{
    public static int Begin(io_uring* ring, int fd, GpuMappedBuffer {|NVG0090:buffer|})
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, (void*)buffer.Address, (uint)buffer.LengthBytes, 0);
        return io_uring_submit(ring);
    }
}
