#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Poller
{
    public static int Next(io_uring* ring)
    {
        io_uring_cqe* cqe = null;
        do
        {
            {|NVG0009:io_uring_peek_cqe(ring, &cqe)|};
        }
        while (cqe == null);
        int result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return result;
    }
}
