#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The same local holds one block after the other: released, then allocated again.</summary>
public static unsafe class Regrow
{
    public static long Total(io_uring* ring, int fd, ReadOnlySpan<int> sizes)
    {
        byte* block = null;
        int capacity = 0;
        long total = 0;
        foreach (int size in sizes)
        {
            if (size > capacity)
            {
                NativeMemory.Free(block);
                block = (byte*)NativeMemory.Alloc((nuint)size);
                capacity = size;
            }
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, block, (uint)size, (ulong)total);
            if (io_uring_submit(ring) != 1)
            {
                Environment.FailFast("io_uring_submit");
            }
            io_uring_cqe* cqe;
            while (io_uring_wait_cqe(ring, &cqe) != 0)
            {
            }
            int count = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            total += Math.Max(count, 0);
            if (count < size)
            {
                break;
            }
        }
        NativeMemory.Free(block);
        return total;
    }
}
