#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>As it is written in C: labels for the retry and for the way out.</summary>
public static unsafe class Labels
{
    public static int Read(int fd)
    {
        io_uring ring;
        io_uring_cqe* cqe = null;
        byte* buffer = null;
        int result = io_uring_queue_init(1, &ring, 0);
        if (result < 0)
        {
            return result;
        }
        buffer = (byte*)NativeMemory.Alloc(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        if (sqe == null)
        {
            result = -Libc.EBUSY;
            goto Out;
        }
        io_uring_prep_read(sqe, fd, buffer, 4096, 0);
    Again:
        result = io_uring_submit_and_wait(&ring, 1);
        if (result == -Libc.EINTR)
        {
            goto Again;
        }
        if (result < 0 || (result = io_uring_wait_cqe(&ring, &cqe)) < 0)
        {
            Environment.FailFast("the ring does not answer");
        }
        result = cqe->res;
        io_uring_cqe_seen(&ring, cqe);
    Out:
        io_uring_queue_exit(&ring);
        NativeMemory.Free(buffer);
        return result;
    }
}
