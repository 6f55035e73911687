#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>
/// The older form of provided buffers: removed, and the removal waited for, before the free.
/// </summary>
public static unsafe class ProvidedBuffers
{
    public static int ReadOne(io_uring* ring, int fd)
    {
        const int Size = 1024;
        byte* memory = (byte*)NativeMemory.Alloc(8 * Size);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_provide_buffers(sqe, memory, Size, 8, 5, 0);
        if (Complete(ring, out _) < 0)
        {
            NativeMemory.Free(memory);
            return -Libc.EOPNOTSUPP;
        }
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, null, Size, 0);
        io_uring_sqe_set_flags(sqe, IOSQE_BUFFER_SELECT);
        io_uring_sqe_set_buf_group(sqe, 5);
        int count = Complete(ring, out uint flags);
        int first = count > 0 && (flags & IORING_CQE_F_BUFFER) != 0 ? memory[(flags >> 16) * Size] : -1;
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_remove_buffers(sqe, 8, 5);
        if (Complete(ring, out _) >= 0)
        {
            NativeMemory.Free(memory);
        }
        return first;
    }

    private static int Complete(io_uring* ring, out uint flags)
    {
        io_uring_cqe* cqe;
        int result;
        do
        {
            result = io_uring_submit_and_wait(ring, 1);
        }
        while (result == -Libc.EINTR);
        if (result < 0 || io_uring_wait_cqe(ring, &cqe) != 0)
        {
            Environment.FailFast("the ring does not answer");
            flags = 0;
            return result;
        }
        result = cqe->res;
        flags = cqe->flags;
        io_uring_cqe_seen(ring, cqe);
        return result;
    }
}
