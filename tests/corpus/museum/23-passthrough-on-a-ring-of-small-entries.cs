#nullable enable
// Museum row 23: https://github.com/axboe/liburing/issues/1413 (C;
// https://github.com/axboe/liburing/issues/1271 is the same misunderstanding about the entry's size)
// A first program for NVMe passthrough: a ring with ordinary entries, so the command is written into the next
// one; a wrong opcode; and a result that is expected to be the transfer's size, although 0 means success. All
// of it in one function, as in the report.
// caught: NVG0011, NVG0010
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
        int error = io_uring_queue_init(1, &ring, 0);
        if (error < 0)
        {
            return error;
        }
        byte* buffer = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        *sqe = default;
        sqe->opcode = 50;
        sqe->fd = device;
        sqe->cmd_op = {|NVG0011:NVME_URING_CMD_IO|};
        sqe->user_data = 1;
        var command = (nvme_uring_cmd*)sqe->cmd;
        command->opcode = ReadOpcode;
        command->nsid = namespaceId;
        command->addr = (ulong)buffer;
        command->data_len = 4096;

        io_uring_cqe* cqe;
        int result = -1;
        if (io_uring_submit(&ring) == 1 && io_uring_wait_cqe(&ring, &cqe) == 0)
        {
            result = {|NVG0010:cqe->res|} == 4096 ? 0 : 1;
            Console.WriteLine(result == 0 ? "read" : "not read");
        }
        io_uring_queue_exit(&ring);
        return result;
    }
}
