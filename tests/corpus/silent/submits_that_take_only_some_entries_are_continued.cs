#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A short submit leaves entries in the queue: it is called again until all are gone.</summary>
public static unsafe class SubmitAll
{
    public static int ReadPages(io_uring* ring, int fd, int pages)
    {
        byte* memory = (byte*)NativeMemory.Alloc((nuint)pages, 4096);
        int queued = 0;
        int submitted = 0;
        int done = 0;
        int bytes = 0;
        while (done < pages)
        {
            io_uring_sqe* sqe;
            while (queued < pages && (sqe = io_uring_get_sqe(ring)) != null)
            {
                io_uring_prep_read(sqe, fd, memory + queued * 4096L, 4096, (ulong)queued * 4096);
                queued++;
            }
            int taken = io_uring_submit(ring);
            submitted += taken > 0 ? taken : 0;
            if (taken < 0 && taken is not (-Libc.EAGAIN or -Libc.EBUSY or -Libc.EINTR))
            {
                Environment.FailFast($"io_uring_submit: {-taken}");
            }
            while (done < submitted)
            {
                io_uring_cqe* cqe;
                if (io_uring_wait_cqe(ring, &cqe) != 0)
                {
                    break;
                }
                bytes += Math.Max(0, cqe->res);
                io_uring_cqe_seen(ring, cqe);
                done++;
            }
        }
        NativeMemory.Free(memory);
        return bytes;
    }
}
