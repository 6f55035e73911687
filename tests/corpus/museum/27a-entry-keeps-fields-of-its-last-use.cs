#nullable enable
// Museum row 27: https://github.com/axboe/fio/pull/818 (C)
// A benchmark fills the ring's entries field by field, each kind of operation its own fields. The sync flags
// of an earlier fdatasync are the rw flags of the next write, so all writes became synchronous; and an fsync
// after a read failed because of the read's address. The stale state is in the ring's entries.
// caught: NVG0012
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
        sqe->fd = unit->Fd;
        if (unit->IsSync)
        {
            sqe->fsync_flags = IORING_FSYNC_DATASYNC;
            {|NVG0012:sqe->opcode|} = (byte)io_uring_op.IORING_OP_FSYNC;
        }
        else
        {
            {|NVG0012:sqe->opcode|} =
                (byte)(unit->IsWrite ? io_uring_op.IORING_OP_WRITE : io_uring_op.IORING_OP_READ);
            sqe->addr = unit->Address;
            sqe->len = unit->LengthBytes;
            sqe->off = unit->Offset;
        }
        sqe->user_data = (ulong)unit;
        return true;
    }
}
