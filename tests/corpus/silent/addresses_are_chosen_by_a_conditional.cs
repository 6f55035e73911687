#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>One of two buffers by a condition; both are freed after the wait.</summary>
public static unsafe class Either
{
    public static int Read(io_uring* ring, int fd, bool isLarge)
    {
        byte* small = (byte*)NativeMemory.Alloc(512);
        byte* large = (byte*)NativeMemory.Alloc(65536);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, isLarge ? large : small, isLarge ? 65536u : 512u, 0);
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
        int first = count > 0 ? (isLarge ? large : small)[0] : count;
        NativeMemory.Free(small);
        NativeMemory.Free(large);
        return first;
    }
}
