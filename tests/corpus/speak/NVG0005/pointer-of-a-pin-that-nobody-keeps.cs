#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Sender(Memory<byte> message)
{
    public int Send(io_uring* ring, int socket)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_send(sqe, socket, {|NVG0005:message.Pin()|}.Pointer, (nuint)message.Length, 0);
        return io_uring_submit(ring);
    }
}
