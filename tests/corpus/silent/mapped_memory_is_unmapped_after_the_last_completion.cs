#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>mmap, a read into it, munmap after the completion.</summary>
public static unsafe class Mapped
{
    public static int Read(io_uring* ring, int fd)
    {
        const int Length = 1 << 16;
        void* memory = Libc.mmap(
            null, Length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        if (memory == Libc.MAP_FAILED)
        {
            return -Libc.ENOMEM;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            _ = Libc.munmap(memory, Length);
            return -Libc.EBUSY;
        }
        io_uring_prep_read(sqe, fd, memory, Length, 0);
        int result = io_uring_submit(ring);
        if (result != 1)
        {
            Environment.FailFast("io_uring_submit");
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
        int last = count > 0 ? ((byte*)memory)[count - 1] : count;
        _ = Libc.munmap(memory, Length);
        return last;
    }
}
