#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Setup
{
    public static void Start(io_uring* ring)
    {
        {|NVG0009:io_uring_queue_init(64, ring, 0)|};
    }
}
