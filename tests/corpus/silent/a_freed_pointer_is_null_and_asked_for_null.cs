#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>After the free the variable is null; every later use asks for that first.</summary>
public static unsafe class NullAfterFree
{
    public static long Run(io_uring* ring, int fd, Func<int, bool> isWanted)
    {
        byte* cache = null;
        long total = 0;
        for (int i = 0; i < 100; i++)
        {
            if (!isWanted(i))
            {
                if (cache != null)
                {
                    NativeMemory.Free(cache);
                    cache = null;
                }
                continue;
            }
            if (cache == null)
            {
                cache = (byte*)NativeMemory.Alloc(4096);
            }
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, cache, 4096, (ulong)i * 4096);
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
            total += count > 0 ? cache[count - 1] : 0;
        }
        if (cache != null)
        {
            NativeMemory.Free(cache);
        }
        return total;
    }
}
