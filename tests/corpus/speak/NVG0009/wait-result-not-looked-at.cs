#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Waiter
{
    public static int Next(io_uring* ring)
    {
        io_uring_cqe* cqe;
        {|NVG0009:io_uring_wait_cqe(ring, &cqe)|};
        int result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return result;
    }
}
