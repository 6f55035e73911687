#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Guarded
{
    public static void Read(io_uring* ring, int fd, Action announce)
    {
        void* block = NativeMemory.Alloc(512);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 512, 0);
        if (io_uring_submit(ring) < 1)
        {
            return;
        }
        try
        {
            announce();
        }
        catch (InvalidOperationException)
        {
            {|NVG0003:NativeMemory.Free(block)|};
            throw;
        }
    }
}
