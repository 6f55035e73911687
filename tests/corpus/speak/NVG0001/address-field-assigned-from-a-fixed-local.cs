#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Entry
{
    public static void Fill(io_uring_sqe* sqe, int fd, byte[] block)
    {
        io_uring_prep_rw((int)io_uring_op.IORING_OP_READ, sqe, fd, null, (uint)block.Length, 0);
        fixed (byte* start = block)
        {
            sqe->addr = {|NVG0001:(ulong)start|};
        }
    }
}
