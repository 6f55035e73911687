#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Raw
{
    public static bool Queue(io_uring* ring)
    {
        int* state = stackalloc int[2];
        state[0] = 1;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_nop(sqe);
        sqe->user_data = {|NVG0002:(ulong)state|};
        return io_uring_submit(ring) > 0;
    }
}
