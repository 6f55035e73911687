#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Path in a UTF-8 literal, open_how on the stack, a submit that took the entry.</summary>
public static unsafe class OpenAt2
{
    public static int OpenConfiguration(io_uring* ring)
    {
        open_how how = default;
        how.flags = Libc.O_CLOEXEC;
        fixed (byte* path = "/etc/nvmegpu.conf\0"u8)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_openat2(sqe, Libc.AT_FDCWD, (sbyte*)path, &how);
            sqe->user_data = 77;
            if (io_uring_submit(ring) != 1)
            {
                Environment.FailFast("io_uring_submit");
            }
        }
        io_uring_cqe* cqe;
        int result;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            return result;
        }
        int fd = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return fd;
    }
}
