#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Stamper
{
    private readonly DateTime* _stamp = (DateTime*)NativeMemory.AllocZeroed((nuint)sizeof(DateTime));

    public bool Stamp(io_uring* ring, int fd)
    {
        *_stamp = DateTime.UnixEpoch;
        io_uring_prep_write(io_uring_get_sqe(ring), fd, {|NVG0015:_stamp|}, 8, ulong.MaxValue);
        return io_uring_submit(ring) == 1;
    }
}
