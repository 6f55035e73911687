#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>EAGAIN and EINTR begin the same read anew, with a limit.</summary>
public static unsafe class Retries
{
    public static int Read(io_uring* ring, int fd, byte* scratch)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            if (sqe == null)
            {
                return -Libc.EBUSY;
            }
            io_uring_prep_read(sqe, fd, scratch, 512, 0);
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
            if (result is not (-Libc.EAGAIN or -Libc.EINTR))
            {
                return result;
            }
        }
        return -Libc.EAGAIN;
    }
}
