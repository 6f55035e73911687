#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The smallest program there is: one buffer, one read, one completion.</summary>
public static unsafe class OneRead
{
    public static int ReadHeader(int fd, Span<byte> into)
    {
        io_uring ring;
        int result = io_uring_queue_init(8, &ring, 0);
        if (result < 0)
        {
            throw new InvalidOperationException($"io_uring_queue_init: {-result}");
        }
        byte* buffer = (byte*)NativeMemory.Alloc(512);
        try
        {
            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            io_uring_prep_read(sqe, fd, buffer, 512, 0);
            sqe->user_data = 1;
            result = io_uring_submit(&ring);
            if (result != 1)
            {
                throw new InvalidOperationException($"io_uring_submit: {result}");
            }

            io_uring_cqe* cqe;
            do
            {
                result = io_uring_wait_cqe(&ring, &cqe);
            }
            while (result == -Libc.EINTR);
            if (result < 0)
            {
                // The buffer is the kernel's: nothing may go on.
                Environment.FailFast($"io_uring_wait_cqe: {-result}");
            }
            int count = cqe->res;
            io_uring_cqe_seen(&ring, cqe);
            if (count < 0)
            {
                throw new InvalidOperationException($"read: {-count}");
            }
            count = Math.Min(count, into.Length);
            new ReadOnlySpan<byte>(buffer, count).CopyTo(into);
            return count;
        }
        finally
        {
            io_uring_queue_exit(&ring);
            NativeMemory.Free(buffer);
        }
    }
}
