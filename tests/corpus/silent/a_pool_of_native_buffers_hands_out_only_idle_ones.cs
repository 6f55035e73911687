#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A stack of free buffers; a buffer is pushed when its completion was seen.</summary>
public sealed unsafe class BufferPool : IDisposable
{
    private readonly Stack<nint> _free = new();
    private readonly nint[] _all;

    public BufferPool(int count, int bytes)
    {
        _all = new nint[count];
        for (int i = 0; i < count; i++)
        {
            _all[i] = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 4096);
            _free.Push(_all[i]);
        }
        BufferBytes = bytes;
    }

    public int BufferBytes { get; }

    public bool TryBegin(io_uring* ring, int fd, ulong offset)
    {
        if (!_free.TryPop(out nint buffer))
        {
            return false;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            _free.Push(buffer);
            return false;
        }
        io_uring_prep_read(sqe, fd, (void*)buffer, (uint)BufferBytes, offset);
        sqe->user_data = (ulong)buffer;
        return true;
    }

    public int OnCompletion(io_uring_cqe* cqe)
    {
        int count = cqe->res;
        _free.Push((nint)cqe->user_data);
        return count;
    }

    public void Dispose()
    {
        if (_free.Count != _all.Length)
        {
            throw new InvalidOperationException($"{_all.Length - _free.Count} buffers are in flight.");
        }
        _free.Clear();
        foreach (nint buffer in _all)
        {
            NativeMemory.AlignedFree((void*)buffer);
        }
    }
}
