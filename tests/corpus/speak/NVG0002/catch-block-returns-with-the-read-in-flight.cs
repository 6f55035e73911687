#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Guarded
{
    public static bool Begin(io_uring* ring, int fd, Action announce)
    {
        int* value = stackalloc int[1];
        io_uring_prep_read(io_uring_get_sqe(ring), fd, {|NVG0002:value|}, sizeof(int), 0);
        try
        {
            announce();
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        return io_uring_submit(ring) == 1;
    }
}
