#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>O_DIRECT: 4096 for all three.</summary>
public static unsafe class DirectRead
{
    public static int First(ReadOnlySpan<byte> zeroTerminatedPath, io_uring* ring)
    {
        int fd;
        fixed (byte* path = zeroTerminatedPath)
        {
            fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_DIRECT);
        }
        if (fd < 0)
        {
            return -Libc.errno;
        }
        byte* page = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, page, 8192, 4096);
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
        int value = count == 8192 ? page[8191] : count < 0 ? count : -Libc.ENODATA;
        NativeMemory.AlignedFree(page);
        _ = Libc.close(fd);
        return value;
    }
}
