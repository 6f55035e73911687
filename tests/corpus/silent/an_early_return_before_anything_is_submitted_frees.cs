#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Nothing was handed over yet, so each early return frees what it has.</summary>
public static unsafe class EarlyReturn
{
    public static int Run(int fd, int size)
    {
        if (size <= 0)
        {
            return -Libc.EINVAL;
        }
        byte* buffer = (byte*)NativeMemory.Alloc((nuint)size);
        io_uring ring;
        int result = io_uring_queue_init(1, &ring, 0);
        if (result < 0)
        {
            NativeMemory.Free(buffer);
            return result;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        if (sqe == null)
        {
            io_uring_queue_exit(&ring);
            NativeMemory.Free(buffer);
            return -Libc.EBUSY;
        }
        io_uring_prep_read(sqe, fd, buffer, (uint)size, 0);
        do
        {
            result = io_uring_submit_and_wait(&ring, 1);
        }
        while (result == -Libc.EINTR);
        io_uring_cqe* cqe;
        result = io_uring_wait_cqe(&ring, &cqe);
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(&ring, cqe);
        io_uring_queue_exit(&ring);
        NativeMemory.Free(buffer);
        return count;
    }
}
