#nullable enable
// Museum row 19, fixed (museum/19a-messages-are-freed-before-the-ring.cs):
// https://github.com/tigerbeetle/tigerbeetle/pull/2430
// Every receive's completion is waited for (the report's authors cancel them first); then the buffers go,
// then the ring.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class MessageServer : IDisposable
{
    private const int MessageBytes = 4096;
    private readonly io_uring* _ring;
    private readonly byte* _messages;
    private int _inFlightCount;

    public MessageServer(io_uring* ring, int connectionsMax)
    {
        _ring = ring;
        _messages = (byte*)NativeMemory.Alloc((nuint)(connectionsMax * MessageBytes));
    }

    public bool OnConnected(int connection, int socket)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        if (sqe == null)
        {
            return false;
        }
        io_uring_prep_recv(sqe, socket, _messages + (connection * MessageBytes), MessageBytes, 0);
        sqe->user_data = (ulong)connection;
        _inFlightCount++;
        return io_uring_submit(_ring) == 1;
    }

    public void Dispose()
    {
        for (; _inFlightCount > 0; _inFlightCount--)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(_ring, &cqe) == 0)
            {
                io_uring_cqe_seen(_ring, cqe);
            }
        }
        NativeMemory.Free(_messages);
        io_uring_queue_exit(_ring);
    }
}
