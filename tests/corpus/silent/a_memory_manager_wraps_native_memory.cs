#nullable enable
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>MemoryManager over native memory: Pin gives an address that never moves.</summary>
public sealed unsafe class NativeBlock(int lengthBytes) : MemoryManager<byte>
{
    private byte* _first = (byte*)NativeMemory.Alloc((nuint)lengthBytes);
    private int _pins;

    public override Span<byte> GetSpan() => new(_first, lengthBytes);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        Interlocked.Increment(ref _pins);
        return new MemoryHandle(_first + elementIndex, default, this);
    }

    public override void Unpin() => Interlocked.Decrement(ref _pins);

    protected override void Dispose(bool disposing)
    {
        if (Volatile.Read(ref _pins) != 0)
        {
            throw new InvalidOperationException("Something still uses the memory.");
        }
        NativeMemory.Free(_first);
        _first = null;
    }

    public static int Load(io_uring* ring, int fd)
    {
        using IMemoryOwner<byte> block = new NativeBlock(4096);
        using MemoryHandle pin = block.Memory.Pin();
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, pin.Pointer, 4096, 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return count > 0 ? block.Memory.Span[count - 1] : count;
    }
}
