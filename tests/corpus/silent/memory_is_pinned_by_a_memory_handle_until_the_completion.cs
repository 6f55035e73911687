#nullable enable
using System;
using System.Buffers;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Memory.Pin: the handle is disposed after the completion, and before that kept.</summary>
public static unsafe class MemoryPin
{
    public static int Read(io_uring* ring, int fd, Memory<byte> into)
    {
        MemoryHandle pin = into.Pin();
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, pin.Pointer, (uint)into.Length, 0);
        int result = io_uring_submit(ring);
        if (result != 1)
        {
            Environment.FailFast($"io_uring_submit: {result}");
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        pin.Dispose();
        return count;
    }
}
