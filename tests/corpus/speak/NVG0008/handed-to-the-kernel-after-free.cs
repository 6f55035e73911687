#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class LateHandOver
{
    public static int Read(io_uring* ring, int fd)
    {
        void* block = NativeMemory.AlignedAlloc(4096, 4096);
        NativeMemory.AlignedFree(block);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, {|NVG0008:block|}, 4096, 0);
        return io_uring_submit(ring);
    }
}
