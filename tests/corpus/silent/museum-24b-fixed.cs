#nullable enable
// Museum row 24, fixed (museum/24b-status-of-the-wait-is-lost.cs):
// https://github.com/linux-nvme/nvme-cli/pull/2992
// https://github.com/linux-nvme/libnvme/issues/980
// https://github.com/linux-nvme/libnvme/pull/927
// The wait returns the status, and its callers return it.
using System;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NvmeIoctl;

internal static unsafe class LogPage
{
    private const int EntriesMax = 16;
    private const uint ChunkBytes = 4096;

    public static int Read(io_uring* ring, int device, byte* log, uint lengthBytes)
    {
        int inFlight = 0;
        for (uint offset = 0; offset < lengthBytes; offset += ChunkBytes)
        {
            if (inFlight >= EntriesMax)
            {
                int status = WaitComplete(ring, inFlight);
                if (status != 0)
                {
                    return status;
                }
                inFlight = 0;
            }
            nvme_uring_cmd command = default;
            command.opcode = 2;
            command.addr = (ulong)(log + offset);
            command.data_len = Math.Min(ChunkBytes, lengthBytes - offset);
            command.cdw12 = offset;
            if (!TrySubmit(ring, device, command))
            {
                return -1;
            }
            inFlight++;
        }
        return WaitComplete(ring, inFlight);
    }

    private static bool TrySubmit(io_uring* ring, int device, nvme_uring_cmd command)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return false;
        }
        *sqe = default;
        sqe->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
        sqe->fd = device;
        sqe->cmd_op = NVME_URING_CMD_ADMIN;
        *(nvme_uring_cmd*)sqe->cmd = command;
        return io_uring_submit(ring) == 1;
    }

    [return: MustObserve]
    private static int WaitComplete(io_uring* ring, int count)
    {
        int result = 0;
        for (int i = 0; i < count; i++)
        {
            io_uring_cqe* cqe;
            int error = io_uring_wait_cqe(ring, &cqe);
            if (error < 0)
            {
                return error;
            }
            if (cqe->res != 0)
            {
                result = cqe->res;
            }
            io_uring_cqe_seen(ring, cqe);
        }
        return result;
    }
}
