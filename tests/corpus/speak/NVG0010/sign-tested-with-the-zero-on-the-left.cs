#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Format
{
    public void Run(io_uring* ring, int device)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_ADMIN;
        nvme_uring_cmd* command = (nvme_uring_cmd*)sqe->cmd;
        *command = default;
        command->opcode = 128;
        io_uring_cqe* cqe = null;
        if (io_uring_submit(ring) != 1 || io_uring_wait_cqe(ring, &cqe) != 0)
        {
            throw new InvalidOperationException("No completion.");
        }
        bool hasFailed = {|NVG0010:0 > cqe->res|};
        io_uring_cqe_seen(ring, cqe);
        if (hasFailed)
        {
            throw new InvalidOperationException("The format failed.");
        }
    }
}
