#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The timespec is the kernel's until submit has taken the entry.</summary>
public static unsafe class StackTimeout
{
    public static int SleepOnRing(io_uring* ring, TimeSpan time)
    {
        var duration = new __kernel_timespec
        {
            tv_sec = (long)time.TotalSeconds,
            tv_nsec = time.Ticks % TimeSpan.TicksPerSecond * 100,
        };
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return -Libc.EBUSY;
        }
        io_uring_prep_timeout(sqe, &duration, 0, 0);
        int result = io_uring_submit(ring);
        if (result != 1)
        {
            Environment.FailFast("the entry with this frame's address is still in the queue");
        }
        io_uring_cqe* cqe;
        result = io_uring_wait_cqe(ring, &cqe);
        if (result == 0)
        {
            result = cqe->res == -Libc.ETIME ? 0 : cqe->res;
            io_uring_cqe_seen(ring, cqe);
        }
        return result;
    }
}
