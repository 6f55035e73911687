#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class OneShot
{
    public static void Read(io_uring* ring, int fd)
    {
        void* block = NativeMemory.Alloc(4096);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 4096, 0);
        if (io_uring_submit(ring) != 1)
        {
            throw new InvalidOperationException("Not submitted.");
        }
        {|NVG0003:NativeMemory.Free(block)|};
    }
}
