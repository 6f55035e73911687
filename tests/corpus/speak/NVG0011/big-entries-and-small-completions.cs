#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class HalfBig
{
    public static int Start(io_uring* ring, int device)
    {
        const uint Flags = IORING_SETUP_SQE128 | IORING_SETUP_SINGLE_ISSUER;
        if (io_uring_queue_init(flags: Flags, ring: ring, entries: 8) < 0)
        {
            throw new InvalidOperationException("No ring.");
        }
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = {|NVG0011:NvmeIoctl.NVME_URING_CMD_ADMIN|};
        return io_uring_submit(ring);
    }
}
