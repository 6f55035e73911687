#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Movable
{
    public static int Read(io_uring* ring, int fd)
    {
        var page = new byte[4096];
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_rw((int)io_uring_op.IORING_OP_READ, sqe, fd, null, 4096, 0);
        sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref page[0])|};
        return io_uring_submit(ring);
    }
}
