#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Tuples
{
    public static int Write(io_uring* ring, int fd)
    {
        var pairs = ((int Key, long Value)*)NativeMemory.AllocZeroed(4, (nuint)sizeof((int, long)));
        pairs[0] = (1, 2);
        io_uring_prep_write(io_uring_get_sqe(ring), fd, {|NVG0015:pairs|}, 64, 0);
        return io_uring_submit(ring);
    }
}
