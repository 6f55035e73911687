#nullable enable
// Museum row 24: https://github.com/axboe/fio/pull/1764 (C)
// A benchmark's passthrough engine negates the result of a failed command as if it were a negative errno, so
// a positive NVMe status is reported as a negative error number. The entry is filled in one function, the
// completion read in another; the unit of work travels through user data.
// missed: that a negated result is meant as an errno is not visible; the test itself ("not 0") is right
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NvmeIoctl;

internal unsafe struct IoUnit
{
    public void* Buffer;
    public uint LengthBytes;
    public ulong FirstBlock;
    public int Error;

    public static IoUnit Of(void* buffer, uint lengthBytes, ulong firstBlock) =>
        new() { Buffer = buffer, LengthBytes = lengthBytes, FirstBlock = firstBlock };
}

internal sealed unsafe class CommandEngine
{
    private readonly io_uring* _ring;
    private readonly int _device;

    public CommandEngine(io_uring* ring, int device)
    {
        _ring = ring;
        _device = device;
    }

    public void Queue([KernelRetains(Until.Completion)] IoUnit* unit)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_nop(sqe);
        sqe->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
        sqe->fd = _device;
        sqe->cmd_op = NVME_URING_CMD_IO;
        sqe->user_data = (ulong)unit;
        var command = (nvme_uring_cmd*)sqe->cmd;
        *command = default;
        command->addr = (ulong)unit->Buffer;
        command->data_len = unit->LengthBytes;
        command->cdw10 = (uint)unit->FirstBlock;
        command->cdw11 = (uint)(unit->FirstBlock >> 32);
    }

    public IoUnit* TakeEvent()
    {
        io_uring_cqe* cqe;
        if (io_uring_peek_cqe(_ring, &cqe) != 0)
        {
            return null;
        }
        var unit = (IoUnit*)cqe->user_data;
        unit->Error = cqe->res != 0 ? -cqe->res : 0;
        io_uring_cqe_seen(_ring, cqe);
        return unit;
    }
}
