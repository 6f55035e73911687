#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Inline
{
    public static bool Read(io_uring* ring, int fd)
    {
        var buffer = GpuMappedBuffer.AllocateHost(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, (void*){|NVG0016:buffer.Address|}, 4096, 0);
        return io_uring_submit(ring) == 1;
    }
}
