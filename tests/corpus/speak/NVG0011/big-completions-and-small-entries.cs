#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class OtherHalf
{
    public static bool Start(io_uring* ring, int device)
    {
        if (io_uring_queue_init(16, ring, IORING_SETUP_CQE32) == 0)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
            sqe->cmd_op = {|NVG0011:NvmeIoctl.NVME_URING_CMD_IO_VEC|};
            return io_uring_submit(ring) == 1;
        }
        return false;
    }
}
