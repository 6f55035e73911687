#nullable enable
using System;
using System.Buffers;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Filler(Memory<byte> page)
{
    public int Fill(io_uring* ring, int fd)
    {
        using (MemoryHandle {|NVG0003:pin|} = page.Pin())
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, pin.Pointer, (uint)page.Length, 0);
        }
        return io_uring_submit(ring);
    }
}
