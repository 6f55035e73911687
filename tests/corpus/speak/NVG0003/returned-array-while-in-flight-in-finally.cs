#nullable enable
using System.Buffers;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Pooled
{
    public static int Read(io_uring* ring, int fd)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
        GCHandle pin = GCHandle.Alloc(rented, GCHandleType.Pinned);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, (void*)pin.AddrOfPinnedObject(), 4096, 0);
        try
        {
            return io_uring_submit(ring);
        }
        finally
        {
            {|NVG0003:ArrayPool<byte>.Shared.Return(rented)|};
        }
    }
}
