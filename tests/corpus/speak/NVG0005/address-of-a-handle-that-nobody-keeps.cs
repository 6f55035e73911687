#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Filler
{
    private readonly byte[] _page = new byte[4096];

    public int Fill(io_uring* ring, int fd)
    {
        void* start = (void*){|NVG0005:GCHandle.Alloc(_page, GCHandleType.Pinned)|}.AddrOfPinnedObject();
        io_uring_prep_read(io_uring_get_sqe(ring), fd, start, 4096, 0);
        return io_uring_submit(ring);
    }
}
