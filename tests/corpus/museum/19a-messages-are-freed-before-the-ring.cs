#nullable enable
// Museum row 19: https://github.com/tigerbeetle/tigerbeetle/pull/2430 (Zig)
// A server's teardown frees the message buffers and then takes down its I/O. Receives that were submitted to
// io_uring are still running then, and write into memory that is freed. Buffers and ring are the server's
// fields, the hand-over happens in an event handler.
// caught: NVG0018
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class MessageServer : IDisposable
{
    private const int MessageBytes = 4096;
    private readonly io_uring* _ring;
    private readonly byte* _messages;

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
        return io_uring_submit(_ring) == 1;
    }

    public void Dispose()
    {
        {|NVG0018:NativeMemory.Free(_messages)|};
        io_uring_queue_exit(_ring);
    }
}
