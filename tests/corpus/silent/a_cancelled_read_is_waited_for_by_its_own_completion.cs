#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>
/// Cancelling asks. The buffer is free when the read's own completion has come, not the cancel's.
/// </summary>
public static unsafe class CancelAndWait
{
    private const ulong ReadId = 1;
    private const ulong CancelId = 2;

    public static int ReadOrGiveUp(io_uring* ring, int pipe)
    {
        byte* buffer = (byte*)NativeMemory.Alloc(256);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, pipe, buffer, 256, ulong.MaxValue);
        sqe->user_data = ReadId;
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_cancel64(sqe, ReadId, 0);
        sqe->user_data = CancelId;
        int submitted = io_uring_submit(ring);
        if (submitted != 2)
        {
            Environment.FailFast($"io_uring_submit: {submitted}");
        }
        int read = 0;
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
            if (cqe->user_data == ReadId)
            {
                read = cqe->res;
            }
            io_uring_cqe_seen(ring, cqe);
            seen++;
        }
        int first = read > 0 ? buffer[0] : read;
        NativeMemory.Free(buffer);
        return first;
    }
}
