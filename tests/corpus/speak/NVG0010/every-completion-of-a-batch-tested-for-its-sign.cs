#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Trim
{
    public static bool Trims(io_uring* ring, int device, int count)
    {
        bool isGood = true;
        for (int i = 0; i < count; i++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
            sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_IO;
            nvme_uring_cmd* command = (nvme_uring_cmd*)sqe->cmd;
            *command = new nvme_uring_cmd { opcode = 9, nsid = 1, cdw10 = (uint)i };
        }
        if (io_uring_submit_and_wait(ring, (uint)count) != count)
        {
            return false;
        }
        io_uring_cqe* cqe;
        while (io_uring_peek_cqe(ring, &cqe) == 0)
        {
            isGood &= {|NVG0010:cqe->res >= 0|};
            io_uring_cqe_seen(ring, cqe);
        }
        return isGood;
    }
}
