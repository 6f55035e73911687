#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class MaybeWaiting
{
    public static void Read(io_uring* ring, int fd, bool isBlocking)
    {
        void* block = NativeMemory.Alloc(4096);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 4096, 0);
        if (isBlocking)
        {
            if (io_uring_submit_and_wait(ring, 1) < 0)
            {
                return;
            }
        }
        {|NVG0003.may:NativeMemory.Free(block)|};
    }
}
