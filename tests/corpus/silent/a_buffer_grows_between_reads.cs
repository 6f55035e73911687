#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>/proc files have no length: read until the end, growing the buffer with realloc.</summary>
public static unsafe class ProcFile
{
    public static string ReadAll(io_uring* ring, int fd)
    {
        nuint capacity = 4096;
        nuint filled = 0;
        byte* buffer = (byte*)NativeMemory.Alloc(capacity);
        try
        {
            for (; ; )
            {
                if (filled == capacity)
                {
                    buffer = (byte*)NativeMemory.Realloc(buffer, capacity *= 2);
                }
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(sqe, fd, buffer + filled, (uint)(capacity - filled), filled);
                io_uring_cqe* cqe = null;
                int error = io_uring_submit(ring);
                if (error == 1)
                {
                    do
                    {
                        error = io_uring_wait_cqe(ring, &cqe);
                    }
                    while (error is -Libc.EINTR or -Libc.EAGAIN);
                }
                if (error < 0 || cqe == null)
                {
                    Environment.FailFast("The ring is broken.");
                }
                int count = cqe->res;
                io_uring_cqe_seen(ring, cqe);
                switch (count)
                {
                    case 0:
                        return Encoding.UTF8.GetString(buffer, (int)filled);
                    case > 0:
                        filled += (uint)count;
                        break;
                    default:
                        throw new IoUringException("IORING_OP_READ", -count, "");
                }
            }
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }
}
