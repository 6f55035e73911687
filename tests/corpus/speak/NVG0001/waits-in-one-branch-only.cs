#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class MaybeWaiting
{
    public static void Read(io_uring* ring, int fd, byte[] data, bool isBlocking)
    {
        fixed (byte* p = data)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, {|NVG0001.may:p|}, (uint)data.Length, 0);
            if (isBlocking && io_uring_submit_and_wait(ring, 1) < 0)
            {
                throw new InvalidOperationException("The wait failed.");
            }
        }
    }
}
