#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A handle variable that holds one pin after the other; each is freed before the next.</summary>
public static unsafe class PinAgain
{
    public static int ReadInto(io_uring* ring, int fd, byte[][] blocks)
    {
        int total = 0;
        GCHandle pin = default;
        foreach (byte[] block in blocks)
        {
            pin = GCHandle.Alloc(block, GCHandleType.Pinned);
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, (void*)pin.AddrOfPinnedObject(), (uint)block.Length, (ulong)total);
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
            pin.Free();
            if (count < block.Length)
            {
                return count < 0 ? count : total + count;
            }
            total += count;
        }
        return total;
    }
}
