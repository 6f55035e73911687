#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Duplicator
{
    public static void Read(io_uring* ring, int source, int copy, byte[] first, byte[] second)
    {
        fixed (byte* a = first)
        {
            fixed (byte* b = second)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(sqe, source, {|NVG0001:a|}, 512, 0);
                io_uring_sqe_set_data64(sqe, 1);
                sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(sqe, copy, {|NVG0001:b|}, 512, 0);
                io_uring_sqe_set_data64(sqe, 2);
            }
        }
        if (io_uring_submit(ring) < 2)
        {
            throw new InvalidOperationException("A short submit.");
        }
    }
}
