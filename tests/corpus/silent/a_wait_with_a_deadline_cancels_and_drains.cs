#nullable enable
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>After the deadline the read is cancelled, and both completions are waited for.</summary>
public static unsafe class DeadlineReader
{
    private const ulong ReadTag = 1;
    private const ulong CancelTag = 2;

    public static byte[]? Read(io_uring* ring, int fd, TimeSpan limit)
    {
        byte* buffer = (byte*)NativeMemory.Alloc(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, buffer, 4096, 0);
        io_uring_sqe_set_data64(sqe, ReadTag);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        var watch = Stopwatch.StartNew();
        bool isCancelled = false;
        int outstanding = 1;
        int count = 0;
        while (outstanding > 0)
        {
            __kernel_timespec pause = new() { tv_nsec = 1_000_000 };
            io_uring_cqe* cqe;
            int error = io_uring_wait_cqe_timeout(ring, &cqe, &pause);
            if (error == 0)
            {
                if (io_uring_cqe_get_data64(cqe) == ReadTag)
                {
                    count = cqe->res;
                }
                io_uring_cqe_seen(ring, cqe);
                outstanding--;
            }
            else if (!isCancelled && watch.Elapsed > limit)
            {
                sqe = io_uring_get_sqe(ring);
                io_uring_prep_cancel64(sqe, ReadTag, 0);
                io_uring_sqe_set_data64(sqe, CancelTag);
                if (io_uring_submit(ring) == 1)
                {
                    outstanding++;
                    isCancelled = true;
                }
            }
        }
        byte[]? result = count >= 0 ? new ReadOnlySpan<byte>(buffer, count).ToArray() : null;
        NativeMemory.Free(buffer);
        return result;
    }
}
