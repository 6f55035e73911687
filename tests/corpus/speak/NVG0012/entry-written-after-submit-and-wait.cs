#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class AfterWait
{
    public static int Run(io_uring* ring)
    {
        unchecked
        {
            io_uring_sqe* entry = io_uring_get_sqe(ring);
            io_uring_prep_nop(entry);
            if (io_uring_submit_and_wait(ring, 1) < 1)
            {
                return -1;
            }
            {|NVG0012:io_uring_sqe_set_flags(flags: IOSQE_ASYNC, sqe: entry)|};
            return io_uring_submit(ring);
        }
    }
}
