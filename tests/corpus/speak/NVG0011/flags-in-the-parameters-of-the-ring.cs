#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Parameters
{
    public static int Start(io_uring* ring, int device)
    {
        io_uring_params parameters = default;
        parameters.flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
        parameters.cq_entries = 64;
        if (io_uring_queue_init_params(8, ring, &parameters) != 0)
        {
            throw new InvalidOperationException("No ring.");
        }
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = {|NVG0011:NvmeIoctl.NVME_URING_CMD_IO|};
        return io_uring_submit(ring);
    }
}
