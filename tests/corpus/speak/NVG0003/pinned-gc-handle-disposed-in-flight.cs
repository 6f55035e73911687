#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Modern
{
    private readonly byte[] _page = new byte[4096];

    public bool Read(io_uring* ring, int fd)
    {
        var pin = new PinnedGCHandle<byte[]>(_page);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, pin.GetAddressOfArrayData(), 4096, 0);
        bool isSubmitted = io_uring_submit(ring) == 1;
        {|NVG0003:pin.Dispose()|};
        return isSubmitted;
    }
}
