#nullable enable
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Polled
{
    [RequiresRing(RingShape.IoPoll)]
    private static void QueuePolled(io_uring* ring) => io_uring_prep_nop(io_uring_get_sqe(ring));

    public static int Start(io_uring* ring)
    {
        if (io_uring_queue_init(8, ring, 0) != 0)
        {
            return -1;
        }
        {|NVG0011:QueuePolled(ring)|};
        return io_uring_submit(ring);
    }
}
