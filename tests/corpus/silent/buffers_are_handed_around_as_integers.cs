#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Addresses as nint in a stack and a map; a buffer moves from one to the other.</summary>
public sealed unsafe class IntegerPool : IDisposable
{
    private readonly Stack<nint> _free = new();
    private readonly Dictionary<ulong, nint> _busy = [];
    private readonly io_uring* _ring;
    private ulong _next;

    public IntegerPool(io_uring* ring, int count)
    {
        _ring = ring;
        for (int i = 0; i < count; i++)
        {
            _free.Push(Marshal.AllocHGlobal(4096));
        }
    }

    public bool Begin(int fd, ulong offset)
    {
        if (!_free.TryPop(out nint buffer))
        {
            return false;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        if (sqe == null)
        {
            _free.Push(buffer);
            return false;
        }
        io_uring_prep_read(sqe, fd, (void*)buffer, 4096, offset);
        io_uring_sqe_set_data64(sqe, _next);
        _busy.Add(_next++, buffer);
        return true;
    }

    public int Poll(Func<ReadOnlyMemory<byte>, bool> onBlock)
    {
        int done = 0;
        int error = io_uring_submit(_ring);
        if (error < 0 && error != -Libc.EBUSY)
        {
            throw new IoUringException("io_uring_submit", -error, "");
        }
        io_uring_cqe* cqe;
        while (io_uring_peek_cqe(_ring, &cqe) == 0)
        {
            if (_busy.Remove(cqe->user_data, out nint buffer))
            {
                byte[] copy = new byte[Math.Max(0, cqe->res)];
                Marshal.Copy(buffer, copy, 0, copy.Length);
                _free.Push(buffer);
                done += onBlock(copy) ? 1 : 0;
            }
            io_uring_cqe_seen(_ring, cqe);
        }
        return done;
    }

    public void Dispose()
    {
        while (_busy.Count > 0)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(_ring, &cqe) == 0)
            {
                if (_busy.Remove(cqe->user_data, out nint buffer))
                {
                    Marshal.FreeHGlobal(buffer);
                }
                io_uring_cqe_seen(_ring, cqe);
            }
        }
        foreach (nint buffer in _free)
        {
            Marshal.FreeHGlobal(buffer);
        }
    }
}
