#nullable enable
using System.Buffers;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Named
{
    public static int Read(io_uring* ring, int fd)
    {
        unchecked
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(minimumLength: 512);
            var pin = GCHandle.Alloc(rented, GCHandleType.Pinned);
            void* start = (void*)pin.AddrOfPinnedObject();
            io_uring_prep_recv(io_uring_get_sqe(ring), fd, start, 512, 0);
            int submitted = io_uring_submit(ring);
            {|NVG0003:ArrayPool<byte>.Shared.Return(clearArray: true, array: rented)|};
            return submitted;
        }
    }
}
