#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Counter
{
    public static ulong Read(io_uring* ring, int eventFd)
    {
        ulong* count = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
        io_uring_prep_read(io_uring_get_sqe(ring), eventFd, count, sizeof(ulong), 0);
        if (io_uring_submit(ring) < 1)
        {
            throw new InvalidOperationException("Not submitted.");
        }
        return {|NVG0004:*count|};
    }
}
