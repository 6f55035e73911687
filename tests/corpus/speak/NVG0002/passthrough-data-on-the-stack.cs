#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Identify
{
    public static int Begin(io_uring* ring, int device)
    {
        byte* answer = stackalloc byte[4096];
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_ADMIN;
        nvme_uring_cmd* command = (nvme_uring_cmd*)sqe->cmd;
        *command = default;
        command->opcode = 6;
        command->addr = {|NVG0002:(ulong)answer|};
        command->data_len = 4096;
        return io_uring_submit(ring);
    }
}
