#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Forgotten
{
    public static int Read(io_uring* ring, int fd)
    {
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(1 << 20);
        nint start = {|NVG0016:buffer.Address|};
        io_uring_prep_read(io_uring_get_sqe(ring), fd, (void*)start, 1 << 20, 0);
        return io_uring_submit(ring);
    }
}
