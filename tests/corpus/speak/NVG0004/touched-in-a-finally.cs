#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Finally
{
    public static void Read(io_uring* ring, int fd)
    {
        int* words = (int*)NativeMemory.AllocZeroed(16, sizeof(int));
        io_uring_prep_read(io_uring_get_sqe(ring), fd, words, 64, 0);
        try
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(io_uring_submit(ring), 1);
        }
        finally
        {
            {|NVG0004:words[0]|} = 0;
        }
    }
}
