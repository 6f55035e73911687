#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Poll first, read when there is something: the poll has no memory at all.</summary>
public static unsafe class PollThenRead
{
    public static int ReadEvent(io_uring* ring, int eventFd, out ulong value)
    {
        value = 0;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_poll_add(sqe, eventFd, 1);
        int polled = Complete(ring);
        if (polled < 0)
        {
            return polled;
        }
        var counter = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, eventFd, counter, sizeof(ulong), 0);
        int count = Complete(ring);
        value = count == sizeof(ulong) ? *counter : 0;
        NativeMemory.Free(counter);
        return count;
    }

    private static int Complete(io_uring* ring)
    {
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return result;
    }
}
