#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A timeout's struct is native, reused for every round, and the ring's field of a class.</summary>
public sealed unsafe class Ticker : IDisposable
{
    private readonly io_uring* _ring;
    private readonly __kernel_timespec* _period;
    private int _ticks;

    public Ticker(TimeSpan period)
    {
        _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        _period = (__kernel_timespec*)NativeMemory.AllocZeroed((nuint)sizeof(__kernel_timespec));
        _period->tv_sec = (long)period.TotalSeconds;
        _period->tv_nsec = period.Ticks % TimeSpan.TicksPerSecond * 100;
        if (io_uring_queue_init(2, _ring, 0) is int error and < 0)
        {
            NativeMemory.Free(_period);
            NativeMemory.Free(_ring);
            throw new IoUringException("io_uring_queue_init", -error, "");
        }
        Arm();
    }

    public event Action<int>? Ticked;

    private void Arm()
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_timeout(sqe, _period, 0, 0);
        sqe->user_data = (ulong)_ticks;
    }

    public void RunOnce()
    {
        if (io_uring_submit_and_wait(_ring, 1) < 0)
        {
            return;
        }
        io_uring_cqe* cqe;
        if (io_uring_peek_cqe(_ring, &cqe) is not 0)
        {
            return;
        }
        bool isExpired = cqe->res == -62;
        io_uring_cqe_seen(_ring, cqe);
        if (isExpired)
        {
            Ticked?.Invoke(++_ticks);
        }
        Arm();
    }

    public void Dispose()
    {
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_period);
        NativeMemory.Free(_ring);
    }
}
