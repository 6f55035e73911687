#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A caller's buffer or one of our own: what is freed is what was allocated here.</summary>
public static unsafe class OwnsFlag
{
    public static int Sum(io_uring* ring, int fd, byte* scratch, int scratchBytes, int needed)
    {
        bool isOurs = scratchBytes < needed;
        byte* target = isOurs ? (byte*)NativeMemory.Alloc((nuint)needed) : scratch;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, target, (uint)needed, 0);
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
        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += target[i];
        }
        if (isOurs)
        {
            NativeMemory.Free(target);
        }
        return sum;
    }
}
