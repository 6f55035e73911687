#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Prepared
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));

    public Prepared(int device)
    {
        if (io_uring_queue_init(1, _ring, IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SINGLE_ISSUER) != 0)
        {
            throw new InvalidOperationException("No ring.");
        }
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = {|NVG0011:NvmeIoctl.NVME_URING_CMD_ADMIN|};
    }
}
