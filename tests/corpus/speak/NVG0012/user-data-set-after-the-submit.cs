#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class LateTag
{
    public static int Wake(io_uring* ring)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_nop(sqe);
        int submitted = io_uring_submit(ring);
        {|NVG0012:io_uring_sqe_set_data64(sqe, 1)|};
        return submitted;
    }
}
