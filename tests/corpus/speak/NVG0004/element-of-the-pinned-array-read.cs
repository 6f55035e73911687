#nullable enable
using System;
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Pinned
{
    private readonly byte[] _page = GC.AllocateArray<byte>(4096, pinned: true);

    public int First(io_uring* ring, int fd)
    {
        byte[] page = _page;
        void* start = Unsafe.AsPointer(ref page[0]);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, start, 4096, 0);
        int submitted = io_uring_submit(ring);
        return submitted < 1 ? submitted : {|NVG0004:page[0]|};
    }
}
