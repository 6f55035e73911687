#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class OtherHalf
{
    public static string First(io_uring* ring, int fd)
    {
        io_uring_sqe* close = io_uring_get_sqe(ring);
        {|NVG0012:io_uring_prep_close(close, fd)|};
        io_uring_sqe* wake = io_uring_get_sqe(ring);
        io_uring_prep_nop(wake);
        wake->user_data = 2;
        io_uring_cqe* cqe = null;
        if (io_uring_submit_and_wait(ring, 2) != 2 || io_uring_peek_cqe(ring, &cqe) != 0 || cqe->res != 0)
        {
            throw new InvalidOperationException("Nothing completed.");
        }
        string which = io_uring_cqe_get_data64(cqe) switch
        {
            2 => "wake",
            _ => "close",
        };
        io_uring_cqe_seen(ring, cqe);
        return which;
    }
}
