#nullable enable
using System.Buffers;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Owned
{
    public static bool Read(io_uring* ring, int fd)
    {
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(4096);
        MemoryHandle pin = owner.Memory.Pin();
        io_uring_prep_read(io_uring_get_sqe(ring), fd, pin.Pointer, 4096, 0);
        bool isSubmitted = io_uring_submit(ring) == 1;
        {|NVG0003:owner.Dispose()|};
        return isSubmitted;
    }
}
