#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Two linked entries, both completions looked at, the buffer freed after the write's.</summary>
public static unsafe class WriteAndSync
{
    public static void Append(io_uring* ring, int fd, ReadOnlySpan<byte> record)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)record.Length);
        record.CopyTo(new Span<byte>(copy, record.Length));
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_write(sqe, fd, copy, (uint)record.Length, ulong.MaxValue);
        sqe->flags |= (byte)IOSQE_IO_LINK;
        sqe->user_data = 1;
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_fsync(sqe, fd, 0);
        sqe->user_data = 2;
        if (io_uring_submit(ring) != 2)
        {
            Environment.FailFast("io_uring_submit");
        }
        int written = 0;
        int synced = 0;
        for (int seen = 0; seen < 2;)
        {
            io_uring_cqe* cqe;
            int result = io_uring_wait_cqe(ring, &cqe);
            if (result == -Libc.EINTR)
            {
                continue;
            }
            if (result < 0)
            {
                Environment.FailFast("io_uring_wait_cqe");
            }
            if (cqe->user_data == 1)
            {
                written = cqe->res;
            }
            else
            {
                synced = cqe->res;
            }
            io_uring_cqe_seen(ring, cqe);
            seen++;
        }
        NativeMemory.Free(copy);
        if (written != record.Length || synced != 0)
        {
            throw new IoUringException("append", Math.Max(-written, -synced), "");
        }
    }
}
