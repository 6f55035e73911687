#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Tagged
{
    private struct Context
    {
        public int Number;
    }

    public static int Ping(io_uring* ring, int number)
    {
        Context context;
        context.Number = number;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_nop(sqe);
        io_uring_sqe_set_data(sqe, {|NVG0002:&context|});
        return io_uring_submit(ring);
    }
}
