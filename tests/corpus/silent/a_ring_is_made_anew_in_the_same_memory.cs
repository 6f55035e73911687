#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Closed and made again in the same struct, with larger queues; then its memory is freed.</summary>
public static unsafe class Remade
{
    public static int Grow(uint entries)
    {
        var ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        int result = io_uring_queue_init(entries, ring, 0);
        if (result == 0)
        {
            io_uring_queue_exit(ring);
            result = io_uring_queue_init(entries * 2, ring, 0);
            if (result == 0)
            {
                result = (int)ring->sq.ring_entries;
                io_uring_queue_exit(ring);
            }
        }
        NativeMemory.Free(ring);
        return result;
    }

    public static int Local(uint entries)
    {
        io_uring ring;
        for (uint size = entries; size > 0; size /= 2)
        {
            int result = io_uring_queue_init(size, &ring, IORING_SETUP_CLAMP);
            if (result == 0)
            {
                io_uring_queue_exit(&ring);
                return (int)size;
            }
            if (result != -Libc.ENOMEM)
            {
                return result;
            }
        }
        return -Libc.ENOMEM;
    }
}
