#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

[InlineArray(512)]
internal struct Sector
{
    private byte _first;
}

internal static unsafe class SectorReader
{
    public static int Begin(io_uring* ring, int fd)
    {
        Sector sector = default;
        io_uring_prep_read(io_uring_get_sqe(ring), fd, {|NVG0002:&sector|}, 512, 0);
        return io_uring_submit(ring);
    }
}
