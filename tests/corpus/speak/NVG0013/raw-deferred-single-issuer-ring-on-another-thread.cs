#nullable enable
using System;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class RawThread
{
    public static Task<int> Start(io_uring* ring)
    {
        if (io_uring_queue_init(8, ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN) != 0)
        {
            throw new InvalidOperationException("No ring.");
        }
        return Task.Run(() => {|NVG0013:io_uring_get_events(ring)|});
    }
}
