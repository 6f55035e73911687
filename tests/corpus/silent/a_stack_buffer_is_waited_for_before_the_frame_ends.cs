#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A small record on the stack, read and waited for in the same frame.</summary>
public static unsafe class StackRecord
{
    public static bool TryReadMagic(io_uring* ring, int fd, out uint magic)
    {
        magic = 0;
        byte* record = stackalloc byte[16];
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return false;
        }
        io_uring_prep_read(sqe, fd, record, 16, 0);
        int result = io_uring_submit_and_wait(ring, 1);
        if (result < 0)
        {
            Environment.FailFast("the entry with this frame's address cannot be taken back");
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("this frame cannot be left");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        if (count < 16)
        {
            return false;
        }
        magic = *(uint*)record;
        return true;
    }
}
