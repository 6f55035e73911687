#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Blocks are bumped out of chunks and freed all at once, after the ring.</summary>
public sealed unsafe class Arena : IDisposable
{
    private readonly List<nint> _chunks = [];
    private byte* _next;
    private byte* _end;

    public T* Allocate<T>(int count = 1)
        where T : unmanaged
    {
        nuint bytes = ((nuint)sizeof(T) * (nuint)count + 63) & ~(nuint)63;
        if (_next + bytes > _end)
        {
            nuint chunk = Math.Max(bytes, 64 << 10);
            _next = (byte*)NativeMemory.AlignedAlloc(chunk, 4096);
            _end = _next + chunk;
            _chunks.Add((nint)_next);
        }
        var block = (T*)_next;
        _next += bytes;
        Unsafe.InitBlock(block, 0, (uint)bytes);
        return block;
    }

    public void Dispose()
    {
        _next = _end = null;
        foreach (nint chunk in CollectionsMarshal.AsSpan(_chunks))
        {
            NativeMemory.AlignedFree((void*)chunk);
        }
        _chunks.Clear();
    }
}

public static unsafe class ArenaUser
{
    public static double Average(int fd, int count)
    {
        using var arena = new Arena();
        io_uring* ring = arena.Allocate<io_uring>();
        int result = io_uring_queue_init(4, ring, 0);
        if (result < 0)
        {
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        double* values = arena.Allocate<double>(count);
        try
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, values, (uint)(count * sizeof(double)), 0);
            result = io_uring_submit_and_wait(ring, 1);
            if (result < 0)
            {
                throw new IoUringException("io_uring_submit_and_wait", -result, "");
            }
            foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(ring))
            {
                result = cqe->res;
            }
            io_uring_cq_advance(ring, 1);
        }
        finally
        {
            io_uring_queue_exit(ring);
        }
        if (result < 0)
        {
            throw new IoUringException("IORING_OP_READ", -result, "");
        }
        int read = result / sizeof(double);
        double sum = 0;
        for (int i = 0; i < read; i++)
        {
            sum += values[i];
        }
        return read == 0 ? 0 : sum / read;
    }
}
