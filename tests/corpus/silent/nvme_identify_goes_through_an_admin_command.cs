#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>An admin command with a status that is passed on to a decoder.</summary>
public static unsafe class Identify
{
    public static string Serial(int controllerFd)
    {
        io_uring ring;
        io_uring_params setup = default;
        setup.flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32;
        int result = io_uring_queue_init_params(4, &ring, &setup);
        if (result != 0)
        {
            throw new IoUringException("io_uring_queue_init_params", -result, "");
        }
        byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        Unsafe.InitBlock(sqe, 0, 128);
        sqe->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
        sqe->fd = controllerFd;
        sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_ADMIN;
        var command = (nvme_uring_cmd*)sqe->cmd;
        command->opcode = 0x06;
        command->addr = (ulong)page;
        command->data_len = 4096;
        command->cdw10 = 1;
        if (io_uring_submit_and_wait(&ring, 1) < 1)
        {
            Environment.FailFast("io_uring_submit_and_wait");
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(&ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        (int errno, int status) = Decode(cqe->res);
        io_uring_cqe_seen(&ring, cqe);
        string serial = errno == 0 && status == 0 ? Encoding.ASCII.GetString(page + 4, 20).Trim() : "";
        io_uring_queue_exit(&ring);
        NativeMemory.AlignedFree(page);
        return serial;
    }

    private static (int Errno, int Status) Decode(int result) =>
        result < 0 ? (-result, 0) : (0, result & 0x7FF);
}
