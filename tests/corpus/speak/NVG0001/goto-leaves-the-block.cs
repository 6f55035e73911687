#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Retrying
{
    public static int Read(io_uring* ring, int fd, byte[] block)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        fixed (byte* p = block)
        {
            io_uring_prep_read(sqe, fd, {|NVG0001:p|}, (uint)block.Length, 0);
            goto submit;
        }
    submit:
        return io_uring_submit(ring);
    }
}
