#nullable enable
using System;
using System.Buffers;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Reuser(Memory<byte> page)
{
    public int Fill(io_uring* ring, int fd)
    {
        MemoryHandle pin = page.Pin();
        using ({|NVG0003:pin|})
        {
            io_uring_prep_read(io_uring_get_sqe(ring), fd, pin.Pointer, (uint)page.Length, 0);
            return io_uring_submit(ring);
        }
    }
}
