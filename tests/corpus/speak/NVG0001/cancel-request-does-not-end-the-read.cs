#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Impatient
{
    public static int Probe(io_uring* ring, int fd, byte[] data)
    {
        fixed (byte* p = data)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, {|NVG0001:p|}, (uint)data.Length, 0);
            io_uring_sqe_set_data64(sqe, 7);
            sqe = io_uring_get_sqe(ring);
            io_uring_prep_cancel64(sqe, 7, 0);
            io_uring_sqe_set_data64(sqe, 8);
            return io_uring_submit(ring);
        }
    }
}
