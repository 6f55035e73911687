#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The wait is a local function that captures ring and counters.</summary>
public static unsafe class LocalFunctions
{
    public static int ReadTwo(io_uring* ring, int fd)
    {
        byte* buffer = (byte*)NativeMemory.Alloc(8192);
        int total = 0;
        int inFlight = 0;
        Begin(0);
        Begin(4096);
        while (inFlight > 0)
        {
            End();
        }
        NativeMemory.Free(buffer);
        return total;

        void Begin(ulong offset)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, buffer + offset, 4096, offset);
            if (io_uring_submit(ring) != 1)
            {
                Environment.FailFast("io_uring_submit");
            }
            inFlight++;
        }

        void End()
        {
            io_uring_cqe* cqe;
            while (io_uring_wait_cqe(ring, &cqe) != 0)
            {
            }
            total += Math.Max(cqe->res, 0);
            io_uring_cqe_seen(ring, cqe);
            inFlight--;
        }
    }
}
