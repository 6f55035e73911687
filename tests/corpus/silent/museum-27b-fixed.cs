#nullable enable
// Museum row 27, fixed (museum/27b-wake-up-carries-an-old-user-data.cs):
// https://github.com/axboe/liburing/issues/690
// https://github.com/chriskohlhoff/asio/pull/1215
// The no-op says that it stands for nobody.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Selector
{
    private readonly io_uring* _ring;

    public Selector(io_uring* ring) => _ring = ring;

    public bool WaitReadable(int fd, GCHandle fiber)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_poll_add(sqe, fd, 1);
        sqe->user_data = (ulong)GCHandle.ToIntPtr(fiber);
        return io_uring_submit(_ring) == 1;
    }

    public bool WakeUp()
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_nop(sqe);
        sqe->user_data = 0;
        return io_uring_submit(_ring) == 1;
    }

    public int Select()
    {
        io_uring_cqe* cqe;
        int count = 0;
        while (io_uring_peek_cqe(_ring, &cqe) == 0)
        {
            if (cqe->user_data != 0)
            {
                var resume = (Action<int>)GCHandle.FromIntPtr((nint)cqe->user_data).Target!;
                resume(cqe->res);
            }
            io_uring_cqe_seen(_ring, cqe);
            count++;
        }
        return count;
    }
}
