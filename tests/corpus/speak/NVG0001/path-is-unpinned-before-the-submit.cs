#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Opener
{
    public static int Open(io_uring* ring, byte[] path)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        fixed (byte* name = path)
        {
            io_uring_prep_openat(sqe, Libc.AT_FDCWD, {|NVG0001:(sbyte*)name|}, Libc.O_RDONLY, 0);
        }
        return io_uring_submit(ring);
    }
}
