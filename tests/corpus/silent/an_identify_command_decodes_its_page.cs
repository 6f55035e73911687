#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

public static unsafe class Identify
{
    public sealed record Controller(string Serial, string Model, string Firmware);

    public static bool TryRead(int fd, out Controller? controller, out string reason)
    {
        controller = null;
        reason = "";
        io_uring ring = default;
        int error = io_uring_queue_init(2, &ring, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
        if (error < 0)
        {
            reason = Errno.NameOf(-error);
            return false;
        }
        byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        try
        {
            NativeMemory.Clear(page, 4096);
            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            new Span<byte>(sqe, 128).Clear();
            sqe->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
            sqe->fd = fd;
            sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_ADMIN;
            nvme_uring_cmd* command = (nvme_uring_cmd*)sqe->cmd;
            command->opcode = 0x06;
            command->addr = (ulong)page;
            command->data_len = 4096;
            command->cdw10 = 1;
            error = io_uring_submit_and_wait(&ring, 1);
            if (error < 0)
            {
                reason = Errno.NameOf(-error);
                return false;
            }
            io_uring_cqe* cqe;
            error = io_uring_peek_cqe(&ring, &cqe);
            if (error < 0)
            {
                reason = Errno.NameOf(-error);
                return false;
            }
            switch (cqe->res)
            {
                case 0:
                    controller = new Controller(Text(page, 4, 20), Text(page, 24, 40), Text(page, 64, 8));
                    break;
                case < 0:
                    reason = Errno.NameOf(-cqe->res);
                    break;
                default:
                    reason = $"status {cqe->res:x}";
                    break;
            }
            io_uring_cqe_seen(&ring, cqe);
            return controller is not null;
        }
        finally
        {
            io_uring_queue_exit(&ring);
            NativeMemory.AlignedFree(page);
        }
    }

    private static string Text(byte* page, int at, int length) =>
        Encoding.ASCII.GetString(new ReadOnlySpan<byte>(page + at, length)).Trim();
}
