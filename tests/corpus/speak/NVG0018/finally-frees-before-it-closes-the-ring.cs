#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Finally
{
    public static int Run(io_uring* ring, int fd)
    {
        void* block = NativeMemory.AlignedAlloc(4096, 4096);
        iovec* piece = stackalloc iovec[1];
        piece->iov_base = block;
        piece->iov_len = 4096;
        int errno = io_uring_register_buffers(ring, piece, 1);
        io_uring_prep_write_fixed(io_uring_get_sqe(ring), fd, block, 4096, 0, 0);
        int count = io_uring_submit_and_wait(ring, 1);
        try
        {
            ArgumentOutOfRangeException.ThrowIfNegative(errno);
            return count;
        }
        finally
        {
            {|NVG0018:NativeMemory.AlignedFree(block)|};
            errno = io_uring_unregister_buffers(ring);
            Console.WriteLine(errno);
        }
    }
}
