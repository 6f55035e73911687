#nullable enable
// Museum row 23, fixed (museum/23-passthrough-on-a-ring-of-small-entries.cs):
// https://github.com/axboe/liburing/issues/1413
// https://github.com/axboe/liburing/issues/1271
// Large entries on both queues, the right opcode, and 0 as the only success.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NvmeIoctl;

internal static unsafe class PassthroughTest
{
    private const byte ReadOpcode = 2;

    public static int Run(int device, uint namespaceId)
    {
        io_uring ring;
        int error = io_uring_queue_init(1, &ring, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
        if (error < 0)
        {
            return error;
        }
        byte* buffer = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        *sqe = default;
        sqe->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
        sqe->fd = device;
        sqe->cmd_op = NVME_URING_CMD_IO;
        sqe->user_data = 1;
        var command = (nvme_uring_cmd*)sqe->cmd;
        *command = default;
        command->opcode = ReadOpcode;
        command->nsid = namespaceId;
        command->addr = (ulong)buffer;
        command->data_len = 4096;

        io_uring_cqe* cqe;
        int result = -1;
        if (io_uring_submit(&ring) == 1 && io_uring_wait_cqe(&ring, &cqe) == 0)
        {
            result = cqe->res == 0 ? 0 : 1;
            Console.WriteLine(result == 0 ? "read" : "not read");
        }
        io_uring_queue_exit(&ring);
        return result;
    }
}
