#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Passthrough with IOPOLL: entries cleared, commands built by a helper, statuses decoded.</summary>
public sealed unsafe class NvmeQueue : IDisposable
{
    private readonly struct NvmeStatus(int result)
    {
        public bool IsSuccess => result == 0;

        public int Type => (result >> 8) & 7;

        public int Code => result & 0xff;

        public int Errno => result < 0 ? -result : 0;
    }

    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    private readonly int _fd;
    private readonly uint _namespaceId;
    private readonly int _shift;

    public NvmeQueue(int fd, uint namespaceId, int blockShift, uint depth)
    {
        _fd = fd;
        _namespaceId = namespaceId;
        _shift = blockShift;
        var parameters = new io_uring_params
        {
            flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32 | IORING_SETUP_IOPOLL | IORING_SETUP_CQSIZE,
            cq_entries = depth * 2,
        };
        int result = io_uring_queue_init_params(depth, _ring, &parameters);
        if (result < 0)
        {
            NativeMemory.Free(_ring);
            throw new IoUringException("io_uring_queue_init_params", -result, "");
        }
    }

    public void Read(ulong firstBlock, int count, int bytesEach, byte* into)
    {
        for (int i = 0; i < count; i++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(_ring);
            Build(sqe, firstBlock + (ulong)((long)i * bytesEach >> _shift), into + (long)i * bytesEach,
                bytesEach);
            sqe->user_data = (ulong)i;
        }
        if (io_uring_submit(_ring) != count)
        {
            throw new InvalidOperationException("Some commands were not taken.");
        }
        NvmeStatus worst = default;
        for (int seen = 0; seen < count; seen++)
        {
            io_uring_cqe* cqe;
            int error = io_uring_wait_cqe(_ring, &cqe);
            if (error < 0)
            {
                Environment.FailFast($"io_uring_wait_cqe: {-error}");
            }
            var status = new NvmeStatus(cqe->res);
            io_uring_cqe_seen(_ring, cqe);
            if (!status.IsSuccess)
            {
                worst = status;
            }
        }
        if (!worst.IsSuccess)
        {
            throw worst.Errno != 0
                ? new IoUringException("IORING_OP_URING_CMD", worst.Errno, "")
                : new InvalidOperationException($"NVMe status {worst.Type}/{worst.Code:x2}");
        }
    }

    private void Build(
        io_uring_sqe* sqe, ulong block, [KernelRetains(Until.Completion)] byte* into, int bytes)
    {
        Unsafe.InitBlockUnaligned(sqe, 0, 128);
        sqe->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
        sqe->fd = _fd;
        sqe->cmd_op = NvmeIoctl.NVME_URING_CMD_IO;
        ref nvme_uring_cmd command = ref *(nvme_uring_cmd*)sqe->cmd;
        command.opcode = 2;
        command.nsid = _namespaceId;
        command.addr = (ulong)into;
        command.data_len = (uint)bytes;
        command.cdw10 = (uint)block;
        command.cdw11 = (uint)(block >> 32);
        command.cdw12 = (uint)((bytes >> _shift) - 1);
    }

    public void Dispose()
    {
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_ring);
    }
}
