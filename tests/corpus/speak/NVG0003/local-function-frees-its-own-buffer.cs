#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Nested
{
    public static bool Warm(io_uring* ring, int[] files)
    {
        return Array.TrueForAll(files, fd => Touch(fd) == 1);

        int Touch(int fd)
        {
            void* block = NativeMemory.Alloc(1);
            io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 1, 0);
            int submitted = io_uring_submit(ring);
            {|NVG0003:NativeMemory.Free(block)|};
            return submitted;
        }
    }
}
