#nullable enable
using System;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class TooEarly
{
    public static int Read(io_uring* ring, int fd)
    {
        var buffer = GpuMappedBuffer.AllocateHost(4096);
        byte* start = (byte*){|NVG0016:buffer.Address|};
        GC.KeepAlive(buffer);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, start, 4096, 0);
        return io_uring_submit(ring);
    }
}
