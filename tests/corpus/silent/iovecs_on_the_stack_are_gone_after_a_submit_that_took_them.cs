#nullable enable
using System;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The list of ranges is read while submitting; the ranges themselves are native memory.</summary>
public static unsafe class VectoredRead
{
    public static int Begin(
        io_uring* ring,
        int fd,
        [KernelRetains(Until.Completion)] byte* head,
        [KernelRetains(Until.Completion)] byte* body)
    {
        iovec* list = stackalloc iovec[2];
        list[0] = new iovec { iov_base = head, iov_len = 64 };
        list[1] = new iovec { iov_base = body, iov_len = 4096 };
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return -Libc.EBUSY;
        }
        io_uring_prep_readv(sqe, fd, list, 2, 0);
        sqe->user_data = 1;
        int submitted = io_uring_submit(ring);
        if (submitted != 1)
        {
            Environment.FailFast($"io_uring_submit: {submitted}");
        }
        return 0;
    }
}
