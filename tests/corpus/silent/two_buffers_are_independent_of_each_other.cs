#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>One is in flight; the other is written, read and freed meanwhile.</summary>
public static unsafe class Independent
{
    public static int Run(io_uring* ring, int fd)
    {
        byte* target = (byte*)NativeMemory.Alloc(4096);
        byte* scratch = (byte*)NativeMemory.Alloc(64);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, target, 4096, 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        *scratch = 5;
        scratch[1] = (byte)(*scratch + 1);
        int sum = scratch[0] + scratch[1];
        NativeMemory.Free(scratch);
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        sum += count > 0 ? target[0] : 0;
        NativeMemory.Free(target);
        return sum;
    }
}
