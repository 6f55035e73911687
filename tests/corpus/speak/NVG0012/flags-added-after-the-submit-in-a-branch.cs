#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class LateFlags
{
    public static int Close(io_uring* ring, int fd, bool isLinked)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_close(sqe, fd);
        int submitted = io_uring_submit(ring);
        if (isLinked)
        {
            {|NVG0012:sqe->flags|} |= (byte)IOSQE_IO_LINK;
        }
        return submitted;
    }
}
