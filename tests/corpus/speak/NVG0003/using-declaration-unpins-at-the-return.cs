#nullable enable
using System;
using System.Buffers;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Sender(ReadOnlyMemory<byte> message)
{
    public int Send(io_uring* ring, int socket)
    {
        using MemoryHandle {|NVG0003:pin|} = message.Pin();
        io_uring_prep_send(io_uring_get_sqe(ring), socket, pin.Pointer, (nuint)message.Length, 0);
        return io_uring_submit(ring);
    }
}
