#nullable enable
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Disposed while pinned, the block lives until its last Unpin.</summary>
public sealed unsafe class CountedBlock : MemoryManager<byte>
{
    private byte* _pointer;
    private readonly int _length;
    private int _references = 1;

    public CountedBlock(int length)
    {
        _length = length;
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, 4096);
    }

    public override Span<byte> GetSpan() => new(_pointer, _length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        Interlocked.Increment(ref _references);
        return new MemoryHandle(_pointer + elementIndex, default, this);
    }

    public override void Unpin() => Release();

    protected override void Dispose(bool disposing) => Release();

    private void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            NativeMemory.AlignedFree(_pointer);
            _pointer = null;
        }
    }

    public static int Read(io_uring* ring, int fd, IMemoryOwner<byte> owner)
    {
        using MemoryHandle pin = owner.Memory.Pin();
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, pin.Pointer, (uint)owner.Memory.Length, 0);
        int result = io_uring_submit_and_wait(ring, 1);
        if (result < 0)
        {
            Environment.FailFast("io_uring_submit_and_wait");
        }
        io_uring_cqe* cqe;
        result = io_uring_peek_cqe(ring, &cqe);
        if (result < 0)
        {
            Environment.FailFast("io_uring_peek_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return count;
    }
}
