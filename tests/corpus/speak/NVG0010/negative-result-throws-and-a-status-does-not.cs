#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Reader
{
    private readonly byte* _block = (byte*)NativeMemory.AlignedAlloc(4096, 4096);

    public void Read(io_uring* ring, int device)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_IO;
        nvme_uring_cmd* command = (nvme_uring_cmd*)sqe->cmd;
        *command = default;
        command->opcode = 2;
        command->addr = (ulong)_block;
        command->data_len = 4096;
        io_uring_cqe* cqe = null;
        if (io_uring_submit(ring) != 1 || io_uring_wait_cqe(ring, &cqe) != 0)
        {
            throw new InvalidOperationException("No completion.");
        }
        if ({|NVG0010:cqe->res < 0|})
        {
            throw new InvalidOperationException("The read failed.");
        }
        io_uring_cqe_seen(ring, cqe);
    }
}
