#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Flusher
{
    public static bool Flush(io_uring* ring, int device, uint nsid)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_URING_CMD, sqe, device, null, 0, 0);
        sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_IO;
        nvme_uring_cmd* command = (nvme_uring_cmd*)sqe->cmd;
        *command = default;
        command->nsid = nsid;
        io_uring_cqe* cqe = null;
        if (io_uring_submit(ring) != 1 || io_uring_wait_cqe(ring, &cqe) != 0)
        {
            return false;
        }
        bool isFlushed = {|NVG0010:cqe->res >= 0|};
        io_uring_cqe_seen(ring, cqe);
        return isFlushed;
    }
}
