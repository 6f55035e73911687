#nullable enable
// Museum row 27, fixed (museum/27a-entry-keeps-fields-of-its-last-use.cs):
// https://github.com/axboe/fio/pull/818
// Each entry starts out as zeros.
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal unsafe struct WorkUnit
{
    public int Fd;
    public bool IsSync;
    public bool IsWrite;
    public ulong Address;
    public uint LengthBytes;
    public ulong Offset;

    public static WorkUnit Sync(int fd) => new() { Fd = fd, IsSync = true };

    public static WorkUnit Write(int fd, ulong address, uint lengthBytes, ulong offset) =>
        new() { Fd = fd, IsWrite = true, Address = address, LengthBytes = lengthBytes, Offset = offset };
}

internal static unsafe class Engine
{
    public static bool Prepare(io_uring* ring, [KernelRetains(Until.Completion)] WorkUnit* unit)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return false;
        }
        *sqe = default;
        sqe->fd = unit->Fd;
        if (unit->IsSync)
        {
            sqe->fsync_flags = IORING_FSYNC_DATASYNC;
            sqe->opcode = (byte)io_uring_op.IORING_OP_FSYNC;
        }
        else
        {
            sqe->opcode =
                (byte)(unit->IsWrite ? io_uring_op.IORING_OP_WRITE : io_uring_op.IORING_OP_READ);
            sqe->addr = unit->Address;
            sqe->len = unit->LengthBytes;
            sqe->off = unit->Offset;
        }
        sqe->user_data = (ulong)unit;
        return true;
    }
}
