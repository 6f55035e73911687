#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>After a submit the next entry comes from io_uring_get_sqe again, in the same variable.</summary>
public static unsafe class TwoRounds
{
    public static long Run(io_uring* ring, int fd, int rounds)
    {
        byte* buffer = (byte*)NativeMemory.Alloc(512);
        long bytes = 0;
        for (int round = 0; round < rounds; round++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, buffer, 512, (ulong)bytes);
            sqe->user_data = (ulong)round;
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
            if (count <= 0)
            {
                break;
            }
            bytes += count;
        }
        NativeMemory.Free(buffer);
        return bytes;
    }
}
