#nullable enable
// Museum row 17, fixed (museum/17-temporaries-are-collected.cs):
// https://github.com/axboe/liburing/issues/377
// The object holds its arrays, and here pins them, until it is disposed after the completion.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class IovecList : IDisposable
{
    private readonly GCHandle[] _pins;
    private readonly iovec* _pieces;

    public IovecList(params byte[][] buffers)
    {
        Count = (uint)buffers.Length;
        _pieces = (iovec*)NativeMemory.Alloc(Count, (nuint)sizeof(iovec));
        _pins = new GCHandle[buffers.Length];
        for (int i = 0; i < buffers.Length; i++)
        {
            _pins[i] = GCHandle.Alloc(buffers[i], GCHandleType.Pinned);
            _pieces[i].iov_base = (void*)_pins[i].AddrOfPinnedObject();
            _pieces[i].iov_len = (nuint)buffers[i].Length;
        }
    }

    public uint Count { get; }

    public iovec* Pieces => _pieces;

    public void Dispose()
    {
        foreach (GCHandle pin in _pins)
        {
            pin.Free();
        }
        NativeMemory.Free(_pieces);
    }
}

internal static unsafe class WriteTest
{
    public static int Run(io_uring* ring, int fd)
    {
        using var write = new IovecList("hello world"u8.ToArray(), "hello world"u8.ToArray());
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_writev(sqe, fd, write.Pieces, write.Count, 0);
        while (io_uring_submit_and_wait(ring, 1) < 0)
        {
        }
        io_uring_cqe* cqe;
        int error = io_uring_wait_cqe(ring, &cqe);
        return error == 0 && cqe->res == 22 ? 0 : -1;
    }
}
