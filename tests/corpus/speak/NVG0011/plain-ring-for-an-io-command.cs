#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class PlainRing
{
    public static int Flush(int device)
    {
        io_uring ring;
        if (io_uring_queue_init(8, &ring, 0) != 0)
        {
            return -1;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = {|NVG0011:NvmeIoctl.NVME_URING_CMD_IO|};
        int submitted = io_uring_submit(&ring);
        io_uring_queue_exit(&ring);
        return submitted;
    }
}
