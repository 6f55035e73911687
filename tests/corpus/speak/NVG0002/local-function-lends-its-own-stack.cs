#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Starter
{
    public static int Start(io_uring* ring, int first, int second)
    {
        return Queue(ring, first) + Queue(ring, second);

        static int Queue(io_uring* ring, int fd)
        {
            byte* block = stackalloc byte[64];
            io_uring_prep_recv(io_uring_get_sqe(ring), fd, {|NVG0002:block|}, 64, 0);
            return io_uring_submit(ring);
        }
    }
}
