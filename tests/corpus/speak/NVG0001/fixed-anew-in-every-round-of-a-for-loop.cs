#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Batch
{
    public static int Begin(io_uring* ring, int fd, byte[][] pages)
    {
        for (int i = 0; i < pages.Length; i++)
        {
            fixed (byte* page = pages[i])
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(sqe, fd, {|NVG0001:page|}, 4096, (ulong)i * 4096);
                io_uring_sqe_set_data64(sqe, (ulong)i);
            }
        }
        return io_uring_submit_and_wait(ring, (uint)pages.Length);
    }
}
