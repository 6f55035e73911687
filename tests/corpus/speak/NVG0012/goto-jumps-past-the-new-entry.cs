#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Jump
{
    public static int Run(io_uring* ring, int fd)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_close(sqe, fd);
        int submitted = io_uring_submit(ring);
        if (submitted == 1)
        {
            goto tag;
        }
        return submitted;
    tag:
        {|NVG0012:sqe->personality|} = 1;
        return submitted;
    }
}
