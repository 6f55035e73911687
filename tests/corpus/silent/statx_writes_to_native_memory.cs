#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The path is read while submitting; the result is written with the completion.</summary>
public static unsafe class FileSize
{
    public static long Of(io_uring* ring, ReadOnlySpan<byte> zeroTerminatedPath)
    {
        byte* buffer = (byte*)NativeMemory.AllocZeroed(256);
        int result;
        fixed (byte* path = zeroTerminatedPath)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_statx(sqe, Libc.AT_FDCWD, (sbyte*)path, 0, Libc.STATX_SIZE, (statx*)buffer);
            result = io_uring_submit(ring);
            if (result != 1)
            {
                Environment.FailFast("io_uring_submit");
            }
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        long size = result == 0 ? *(long*)(buffer + 40) : result;
        NativeMemory.Free(buffer);
        return size;
    }
}
