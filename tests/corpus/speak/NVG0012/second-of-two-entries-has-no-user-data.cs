#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class HalfTagged
{
    public static ulong First(io_uring* ring, int fd)
    {
        io_uring_sqe* sync = io_uring_get_sqe(ring);
        io_uring_prep_fsync(sync, fd, 0);
        io_uring_sqe_set_data64(sync, 1);
        io_uring_sqe* wake = io_uring_get_sqe(ring);
        {|NVG0012:io_uring_prep_nop(wake)|};
        io_uring_cqe* cqe;
        if (io_uring_submit(ring) != 2 || io_uring_wait_cqe(ring, &cqe) != 0 || cqe->res != 0)
        {
            throw new InvalidOperationException("Nothing completed.");
        }
        ulong which = cqe->user_data;
        io_uring_cqe_seen(ring, cqe);
        return which;
    }
}
