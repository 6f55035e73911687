#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Walker
{
    public static int Tail(io_uring* ring, int fd, byte[] page)
    {
        checked
        {
            fixed (byte* start = page)
            {
                byte* tail = start + 512;
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(sqe, fd, {|NVG0001:tail|}, (uint)(page.Length - 512), 0);
            }
        }
        return io_uring_submit(ring);
    }
}
