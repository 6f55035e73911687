#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Pinned
{
    private readonly byte[] _page = new byte[4096];

    public bool Read(io_uring* ring, int fd)
    {
        GCHandle pin = GCHandle.Alloc(_page, GCHandleType.Pinned);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, (void*)pin.AddrOfPinnedObject(), 4096, 0);
        bool isSubmitted = io_uring_submit(ring) == 1;
        {|NVG0003:pin.Free()|};
        return isSubmitted;
    }
}
