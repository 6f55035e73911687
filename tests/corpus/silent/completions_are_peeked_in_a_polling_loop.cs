#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A loop that never sleeps: submit once, peek until everything is there.</summary>
public static unsafe class Polling
{
    public static long Run(io_uring* ring, int fd, int blocks)
    {
        const int Block = 4096;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(blocks * Block), Block);
        int queued = 0;
        for (; queued < blocks; queued++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            if (sqe == null)
            {
                break;
            }
            io_uring_prep_read(sqe, fd, memory + queued * Block, Block, (ulong)(queued * Block));
        }
        int submitted = 0;
        while (submitted < queued)
        {
            int taken = io_uring_submit(ring);
            if (taken < 0 && taken is not (-Libc.EAGAIN or -Libc.EINTR or -Libc.EBUSY))
            {
                Environment.FailFast($"io_uring_submit: {-taken}");
            }
            submitted += Math.Max(taken, 0);
        }
        long bytes = 0;
        io_uring_cqe** batch = stackalloc io_uring_cqe*[16];
        for (int done = 0; done < queued;)
        {
            uint ready = io_uring_peek_batch_cqe(ring, batch, 16);
            for (uint i = 0; i < ready; i++)
            {
                bytes += Math.Max(batch[i]->res, 0);
            }
            io_uring_cq_advance(ring, ready);
            done += (int)ready;
            if (ready == 0)
            {
                Thread.SpinWait(20);
            }
        }
        NativeMemory.AlignedFree(memory);
        return bytes;
    }
}
