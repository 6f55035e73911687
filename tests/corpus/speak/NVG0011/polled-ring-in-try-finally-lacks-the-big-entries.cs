#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Finally
{
    public static int Run(int device)
    {
        io_uring ring = default;
        int errno = io_uring_queue_init(4, &ring, IORING_SETUP_IOPOLL);
        if (errno < 0)
        {
            return errno;
        }
        try
        {
            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
            sqe->cmd_op = {|NVG0011:NvmeIoctl.NVME_URING_CMD_IO|};
            return io_uring_submit(&ring);
        }
        finally
        {
            io_uring_queue_exit(&ring);
        }
    }
}
