#nullable enable
// Museum row 27: https://github.com/axboe/liburing/issues/690 (C) and
// https://github.com/chriskohlhoff/asio/pull/1215 (C++)
// A selector wakes itself up with a no-op whose user data nobody sets. Entries are used again, so after a
// while it carries the address of a fiber that waited long ago, and the loop that reaps completions resumes
// that one.
// missed: preparing and reaping are different methods; that both use the same ring is not visible in either
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
