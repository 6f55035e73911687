#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class ByHand
{
    public static int Wake(io_uring* ring)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        {|NVG0012:sqe->opcode|} = (byte)io_uring_op.IORING_OP_NOP;
        sqe->user_data = 1;
        return io_uring_submit(ring);
    }
}
