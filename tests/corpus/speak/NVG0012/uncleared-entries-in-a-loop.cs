#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Closer
{
    public static int CloseAll(io_uring* ring, int[] files)
    {
        foreach (int fd in files)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            {|NVG0012:sqe->opcode|} = (byte)io_uring_op.IORING_OP_CLOSE;
            sqe->fd = fd;
        }
        return io_uring_submit(ring);
    }
}
