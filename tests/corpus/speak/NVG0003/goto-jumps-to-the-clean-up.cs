#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class CleanUp
{
    public static int Read(io_uring* ring, int fd)
    {
        void* block = NativeMemory.Alloc(4096);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 4096, 0);
        int submitted = io_uring_submit(ring);
        if (submitted < 0)
        {
            goto release;
        }
        submitted += io_uring_submit(ring);
    release:
        {|NVG0003:NativeMemory.Free(block)|};
        return submitted;
    }
}
