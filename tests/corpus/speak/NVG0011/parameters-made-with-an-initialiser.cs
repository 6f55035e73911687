#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Initialised
{
    public static int Start(io_uring* ring, int device)
    {
        var parameters = new io_uring_params { flags = IORING_SETUP_SQE128 };
        if (io_uring_queue_init_params(8, ring, &parameters) != 0)
        {
            return -1;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = {|NVG0011:NvmeIoctl.NVME_URING_CMD_ADMIN_VEC|};
        return io_uring_submit(ring);
    }
}
