#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class HeaderReader
{
    public static bool Queue(io_uring* ring, int fd, byte[] header)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        fixed (byte* p = header)
        {
            io_uring_prep_read(sqe, fd, {|NVG0001:p|}, (uint)header.Length, 0);
        }
        return io_uring_submit(ring) == 1;
    }
}
