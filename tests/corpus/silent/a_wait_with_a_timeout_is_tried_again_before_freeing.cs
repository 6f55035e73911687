#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>ETIME is no completion: the buffer stays the kernel's until one has come.</summary>
public static unsafe class TimedWait
{
    public static int Read(io_uring* ring, int fd, Action onSlow)
    {
        byte* buffer = (byte*)NativeMemory.Alloc(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, buffer, 4096, 0);
        int result = io_uring_submit(ring);
        if (result != 1)
        {
            return result < 0 ? result : -Libc.EAGAIN;
        }
        var second = new __kernel_timespec { tv_sec = 1 };
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe_timeout(ring, &cqe, &second)) != 0)
        {
            if (result == -Libc.ETIME)
            {
                onSlow();
            }
            else if (result != -Libc.EINTR)
            {
                return result;
            }
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        int value = count > 0 ? buffer[0] : -1;
        NativeMemory.Free(buffer);
        return count < 0 ? count : value;
    }
}
