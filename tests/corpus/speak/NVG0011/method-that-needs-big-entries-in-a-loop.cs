#nullable enable
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Looping
{
    [RequiresRing(RingShape.Sqe128)]
    private static bool TryQueueBig(io_uring* ring, int number) => io_uring_sq_space_left(ring) > number;

    public static int Start(io_uring* ring, int count)
    {
        if (io_uring_queue_init(64, ring, IORING_SETUP_CQE32 | IORING_SETUP_COOP_TASKRUN) != 0)
        {
            return -1;
        }
        int queued = 0;
        for (int i = 0; i < count; i++)
        {
            queued += {|NVG0011:TryQueueBig(ring, i)|} ? 1 : 0;
        }
        return queued;
    }
}
