#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class FreeList
{
    private static void* s_last;

    private static void Recycle([Releases] void* block) => s_last = block;

    public static int Read(io_uring* ring, int fd)
    {
        void* block = NativeMemory.Alloc(4096);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 4096, 0);
        int submitted = io_uring_submit(ring);
        {|NVG0003:Recycle(block)|};
        return submitted;
    }
}
