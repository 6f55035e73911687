#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A helper drains the ring; after it nothing is in flight.</summary>
public static unsafe class DrainHelper
{
    public static byte First(io_uring* ring, int fd)
    {
        byte* buffer = (byte*)NativeMemory.AllocZeroed(128);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, buffer, 128, 0);
        int expected = io_uring_submit(ring);
        if (expected != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        Drain(ring, expected);
        byte first = buffer[0];
        NativeMemory.Free(buffer);
        return first;
    }

    private static void Drain(io_uring* ring, int count)
    {
        while (count > 0)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(ring, &cqe) == 0)
            {
                if (cqe->res < 0)
                {
                    Console.Error.WriteLine($"a read failed with {-cqe->res}");
                }
                io_uring_cqe_seen(ring, cqe);
                count--;
            }
        }
    }
}
