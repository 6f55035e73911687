#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Closing a ring leaves its struct the caller's: it may be cleared, reused and freed.</summary>
public static unsafe class ClearedRing
{
    public static int Restart(io_uring* ring)
    {
        io_uring_queue_exit(ring);
        *ring = default;
        return io_uring_queue_init(8, ring, 0);
    }

    public static void Close([Releases] io_uring* ring)
    {
        io_uring_queue_exit(ring);
        *ring = default;
        ring->ring_fd = -1;
        NativeMemory.Free(ring);
    }

    public static void Wipe([Releases] io_uring* ring)
    {
        io_uring_queue_exit(ring);
        NativeMemory.Clear(ring, (nuint)sizeof(io_uring));
        NativeMemory.Free(ring);
    }
}
