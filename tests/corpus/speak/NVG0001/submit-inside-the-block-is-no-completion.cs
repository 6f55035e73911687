#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class LogWriter
{
    public static void Append(io_uring* ring, int fd, byte[] record)
    {
        fixed (byte* p = &record[0])
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_write(sqe, fd, {|NVG0001:p|}, (uint)record.Length, ulong.MaxValue);
            if (io_uring_submit(ring) != 1)
            {
                throw new InvalidOperationException("The kernel took nothing.");
            }
        }
    }
}
