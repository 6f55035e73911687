#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A local of a loop's body, its address handed over and waited for in the same iteration.</summary>
public static unsafe class LoopLocal
{
    public static ulong Sum(io_uring* ring, int fd, int count)
    {
        ulong sum = 0;
        for (int i = 0; i < count; i++)
        {
            ulong value = 0;
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, &value, sizeof(ulong), (ulong)i * sizeof(ulong));
            if (io_uring_submit(ring) != 1)
            {
                Environment.FailFast("io_uring_submit");
            }
            io_uring_cqe* cqe;
            while (io_uring_wait_cqe(ring, &cqe) != 0)
            {
            }
            int read = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            if (read != sizeof(ulong))
            {
                break;
            }
            sum += value;
        }
        return sum;
    }
}
