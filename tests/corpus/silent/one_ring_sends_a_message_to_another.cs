#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>msg_ring carries a number, no address.</summary>
public static unsafe class RingToRing
{
    public static bool Post(io_uring* from, io_uring* to, ulong number)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(from);
        io_uring_prep_msg_ring(sqe, to->ring_fd, 0, number, 0);
        sqe->user_data = 1;
        if (io_uring_submit(from) != 1)
        {
            return false;
        }
        io_uring_cqe* cqe;
        if (io_uring_wait_cqe(from, &cqe) != 0)
        {
            return false;
        }
        bool isPosted = cqe->res == 0;
        io_uring_cqe_seen(from, cqe);
        if (isPosted && io_uring_wait_cqe(to, &cqe) == 0)
        {
            isPosted = cqe->user_data == number;
            io_uring_cqe_seen(to, cqe);
        }
        return isPosted;
    }
}
