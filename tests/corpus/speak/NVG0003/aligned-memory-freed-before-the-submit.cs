#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Direct
{
    public static int Read(io_uring* ring, int fd)
    {
        byte* block = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 4096, 0);
        {|NVG0003:NativeMemory.AlignedFree(block)|};
        return io_uring_submit(ring);
    }
}
