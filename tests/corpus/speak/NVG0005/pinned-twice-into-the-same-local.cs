#nullable enable
using System;
using System.Buffers;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class TwicePinned(Memory<byte> first, Memory<byte> second)
{
    public int Read(io_uring* ring, int fd)
    {
        MemoryHandle pin = {|NVG0005:first.Pin()|};
        io_uring_prep_read(io_uring_get_sqe(ring), fd, pin.Pointer, (uint)first.Length, 0);
        pin = second.Pin();
        io_uring_prep_read(io_uring_get_sqe(ring), fd, pin.Pointer, (uint)second.Length, 4096);
        int submitted = io_uring_submit_and_wait(ring, 2);
        pin.Dispose();
        return submitted;
    }
}
