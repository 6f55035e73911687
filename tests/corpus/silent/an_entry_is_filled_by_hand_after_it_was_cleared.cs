#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>
/// No prep function: the entry is cleared, then every field that counts is set, then submitted.
/// </summary>
public static unsafe class HandMade
{
    public static int Nop(io_uring* ring)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return -Libc.EBUSY;
        }
        *sqe = default;
        sqe->opcode = (byte)io_uring_op.IORING_OP_NOP;
        sqe->fd = -1;
        sqe->user_data = 99;
        int submitted = io_uring_submit(ring);
        if (submitted < 1)
        {
            return submitted;
        }
        io_uring_cqe* cqe;
        int result = io_uring_wait_cqe(ring, &cqe);
        if (result == 0)
        {
            result = cqe->user_data == 99 ? cqe->res : -Libc.EINVAL;
            io_uring_cqe_seen(ring, cqe);
        }
        return result;
    }
}
