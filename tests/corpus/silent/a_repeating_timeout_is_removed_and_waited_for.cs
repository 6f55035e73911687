#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A multishot timeout: ticks until it is removed, and until its last completion.</summary>
public static unsafe class Ticks
{
    public static int Count(io_uring* ring, int wanted)
    {
        var interval = new __kernel_timespec { tv_nsec = 10_000_000 };
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_timeout(sqe, &interval, 0, IORING_TIMEOUT_MULTISHOT);
        sqe->user_data = 5;
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        int ticks = 0;
        bool isArmed = true;
        bool isRemoving = false;
        while (isArmed)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(ring, &cqe) != 0)
            {
                continue;
            }
            if (cqe->user_data == 5)
            {
                ticks += cqe->res == -Libc.ETIME ? 1 : 0;
                isArmed = (cqe->flags & IORING_CQE_F_MORE) != 0;
            }
            io_uring_cqe_seen(ring, cqe);
            if (isArmed && !isRemoving && ticks >= wanted)
            {
                io_uring_sqe* removal = io_uring_get_sqe(ring);
                io_uring_prep_timeout_remove(removal, 5, 0);
                removal->user_data = 6;
                isRemoving = true;
                if (io_uring_submit(ring) != 1)
                {
                    Environment.FailFast("io_uring_submit");
                }
            }
        }
        return ticks;
    }
}
