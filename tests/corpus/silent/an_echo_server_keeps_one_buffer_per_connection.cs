#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>accept, recv, send, recv...: kind and descriptor are packed in user_data.</summary>
public sealed unsafe class EchoServer : IDisposable
{
    private const int MessageBytes = 2048;

    private enum Kind : byte
    {
        Accept,
        Receive,
        Send,
        Close,
    }

    private readonly io_uring* _ring;
    private readonly int _listener;
    private readonly Dictionary<int, nint> _buffers = [];

    public EchoServer(int listener, uint depth)
    {
        _listener = listener;
        _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        io_uring_params parameters = default;
        parameters.flags = IORING_SETUP_COOP_TASKRUN;
        int result = io_uring_queue_init_params(depth, _ring, &parameters);
        if (result < 0)
        {
            NativeMemory.Free(_ring);
            throw new IoUringException("io_uring_queue_init_params", -result, "");
        }
    }

    public void Run(Func<bool> isWanted)
    {
        AddAccept();
        while (isWanted())
        {
            int result = io_uring_submit_and_wait(_ring, 1);
            if (result < 0 && result != -Libc.EINTR)
            {
                throw new IoUringException("io_uring_submit_and_wait", -result, "");
            }
            uint seen = 0;
            foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(_ring))
            {
                seen++;
                Handle((Kind)(cqe->user_data >> 56), (int)(uint)cqe->user_data, cqe->res);
            }
            io_uring_cq_advance(_ring, seen);
        }
    }

    private void Handle(Kind kind, int socket, int result)
    {
        switch (kind)
        {
            case Kind.Accept:
                AddAccept();
                if (result >= 0)
                {
                    _buffers[result] = (nint)NativeMemory.Alloc(MessageBytes);
                    AddReceive(result);
                }
                break;
            case Kind.Receive when result > 0:
                AddSend(socket, result);
                break;
            case Kind.Send when result > 0:
                AddReceive(socket);
                break;
            case Kind.Receive or Kind.Send:
                AddClose(socket);
                break;
            case Kind.Close:
                if (_buffers.Remove(socket, out nint buffer))
                {
                    NativeMemory.Free((void*)buffer);
                }
                break;
        }
    }

    private io_uring_sqe* Next()
    {
        io_uring_sqe* sqe;
        while ((sqe = io_uring_get_sqe(_ring)) == null)
        {
            if (io_uring_submit(_ring) < 0)
            {
                throw new InvalidOperationException("The queue does not drain.");
            }
        }
        return sqe;
    }

    private void AddAccept()
    {
        io_uring_sqe* sqe = Next();
        io_uring_prep_accept(sqe, _listener, null, null, 0);
        sqe->user_data = Pack(Kind.Accept, _listener);
    }

    private void AddReceive(int socket)
    {
        io_uring_sqe* sqe = Next();
        io_uring_prep_recv(sqe, socket, (void*)_buffers[socket], MessageBytes, 0);
        sqe->user_data = Pack(Kind.Receive, socket);
    }

    private void AddSend(int socket, int count)
    {
        io_uring_sqe* sqe = Next();
        io_uring_prep_send(sqe, socket, (void*)_buffers[socket], (nuint)count, 0);
        sqe->user_data = Pack(Kind.Send, socket);
    }

    private void AddClose(int socket)
    {
        io_uring_sqe* sqe = Next();
        io_uring_prep_close(sqe, socket);
        sqe->user_data = Pack(Kind.Close, socket);
    }

    private static ulong Pack(Kind kind, int socket) => ((ulong)kind << 56) | (uint)socket;

    public void Dispose()
    {
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_ring);
        foreach (nint buffer in _buffers.Values)
        {
            NativeMemory.Free((void*)buffer);
        }
        _buffers.Clear();
    }
}
