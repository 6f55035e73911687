#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>One NVMe read by hand: SQE128 and CQE32, the entry cleared in full, the status decoded.</summary>
public static unsafe class PassthroughRead
{
    public static int Read(int ngFd, uint nsid, ulong lba, ushort blocks, int blockBytes, Span<byte> into)
    {
        io_uring ring;
        int result = io_uring_queue_init(8, &ring, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
        if (result < 0)
        {
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        uint bytes = (uint)(blocks * blockBytes);
        void* data = NativeMemory.AlignedAlloc(bytes, 4096);
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        NativeMemory.Clear(sqe, 128);
        sqe->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
        sqe->fd = ngFd;
        sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_IO;
        sqe->user_data = 1;
        var command = (nvme_uring_cmd*)sqe->cmd;
        command->opcode = 0x02;
        command->nsid = nsid;
        command->addr = (ulong)data;
        command->data_len = bytes;
        command->cdw10 = (uint)lba;
        command->cdw11 = (uint)(lba >> 32);
        command->cdw12 = blocks - 1u;
        if (io_uring_submit(&ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(&ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int status = cqe->res;
        io_uring_cqe_seen(&ring, cqe);
        io_uring_queue_exit(&ring);
        if (status == 0)
        {
            new ReadOnlySpan<byte>(data, (int)bytes).CopyTo(into);
        }
        NativeMemory.AlignedFree(data);
        return status == 0 ? (int)bytes : throw Failure(status);
    }

    private static Exception Failure(int status) => status < 0
        ? new IoUringException("IORING_OP_URING_CMD", -status, "")
        : new InvalidOperationException($"NVMe status type {status >> 8 & 7}, code {status & 0xFF:X2}h");
}
