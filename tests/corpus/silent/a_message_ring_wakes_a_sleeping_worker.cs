#nullable enable
using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>An eventfd read keeps its counter in memory of the pinned heap, a field of the loop.</summary>
public sealed unsafe class EventLoop
{
    private readonly ulong[] _counter = GC.AllocateArray<ulong>(1, pinned: true);
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly int _wakeFd = Libc.eventfd(0, Libc.EFD_CLOEXEC);
    private volatile bool _isStopped;

    public void Post(Action action)
    {
        _posted.Enqueue(action);
        ulong one = 1;
        _ = Libc.write(_wakeFd, &one, sizeof(ulong));
    }

    public void Stop() => Post(() => _isStopped = true);

    public Thread Start()
    {
        var thread = new Thread(Loop) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Loop()
    {
        io_uring ring;
        if (io_uring_queue_init(4, &ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN) < 0)
        {
            return;
        }
        fixed (ulong* counter = _counter)
        {
            while (!_isStopped)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(&ring);
                io_uring_prep_read(sqe, _wakeFd, counter, sizeof(ulong), 0);
                int result = io_uring_submit_and_wait(&ring, 1);
                if (result < 0)
                {
                    break;
                }
                io_uring_cqe* cqe;
                if (io_uring_peek_cqe(&ring, &cqe) == 0)
                {
                    bool isWoken = cqe->res == sizeof(ulong);
                    io_uring_cqe_seen(&ring, cqe);
                    while (isWoken && _posted.TryDequeue(out Action? action))
                    {
                        action();
                    }
                }
            }
        }
        io_uring_queue_exit(&ring);
    }
}
