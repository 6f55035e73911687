#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Nested
{
    public static int Sync(io_uring* ring, int first, int second)
    {
        Queue(first);
        Queue(second);
        return io_uring_submit(ring);

        void Queue(int fd)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            {|NVG0012:sqe->opcode|} = (byte)io_uring_op.IORING_OP_FSYNC;
            sqe->fd = fd;
            sqe->off = 0;
        }
    }
}
