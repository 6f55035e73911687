#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class TwoRings
{
    public static int Start(io_uring* big, io_uring* small, int device)
    {
        if (io_uring_queue_init(8, big, IORING_SETUP_SQE128 | IORING_SETUP_CQE32) != 0
            || io_uring_queue_init(8, small, 0) != 0)
        {
            return -1;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(small);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = {|NVG0011:NvmeIoctl.NVME_URING_CMD_IO|};
        return io_uring_submit(small) + io_uring_submit(big);
    }
}
