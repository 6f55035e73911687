#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Nested
{
    public static int Read(io_uring* ring, int first, int second)
    {
        return Queue(ring, first) + Queue(ring, second);

        static int Queue(io_uring* ring, int fd)
        {
            GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
            void* start = (void*){|NVG0016:buffer.Address|};
            io_uring_prep_recv(io_uring_get_sqe(ring), fd, start, 4096, 0);
            return io_uring_submit(ring);
        }
    }
}
