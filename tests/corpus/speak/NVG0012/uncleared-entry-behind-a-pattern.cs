#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Pattern
{
    public static bool Wake(io_uring* ring, object kind)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (kind is int number and > 0)
        {
            {|NVG0012:sqe->opcode|} = (byte)io_uring_op.IORING_OP_NOP;
            sqe->user_data = (ulong)number;
            return io_uring_submit(ring) == 1;
        }
        return false;
    }
}
