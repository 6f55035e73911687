#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Registration in the constructor: each step undoes the ones before when it fails.</summary>
public sealed unsafe partial class FixedReader : IDisposable
{
    private const int Slots = 4;
    private const int SlotBytes = 64 << 10;

    private readonly io_uring* _ring;
    private readonly byte* _memory;
    private bool _isDisposed;

    public FixedReader()
    {
        var ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        byte* memory = null;
        bool hasRing = false;
        try
        {
            int result = io_uring_queue_init(Slots, ring, 0);
            ThrowIf(result, "io_uring_queue_init");
            hasRing = true;
            memory = (byte*)NativeMemory.AlignedAlloc(Slots * SlotBytes, 4096);
            iovec* vectors = stackalloc iovec[Slots];
            for (int i = 0; i < Slots; i++)
            {
                vectors[i] = new iovec { iov_base = memory + i * SlotBytes, iov_len = SlotBytes };
            }
            ThrowIf(io_uring_register_buffers(ring, vectors, Slots), "io_uring_register_buffers");
        }
        catch
        {
            if (hasRing)
            {
                io_uring_queue_exit(ring);
            }
            NativeMemory.AlignedFree(memory);
            NativeMemory.Free(ring);
            throw;
        }
        _ring = ring;
        _memory = memory;
    }

    private static void ThrowIf(int result, string operation)
    {
        if (result < 0)
        {
            throw new IoUringException(operation, -result, "");
        }
    }
}

public sealed unsafe partial class FixedReader
{
    ~FixedReader() => Close();

    public ReadOnlySpan<byte> Read(int fd, int slot, long offset)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)Slots);
        byte* target = _memory + slot * SlotBytes;
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_read_fixed(sqe, fd, target, SlotBytes, (ulong)offset, slot);
        int result = io_uring_submit_and_wait(_ring, 1);
        ThrowIf(result, "io_uring_submit_and_wait");
        io_uring_cqe* cqe;
        ThrowIf(io_uring_peek_cqe(_ring, &cqe), "io_uring_peek_cqe");
        int count = cqe->res;
        io_uring_cqe_seen(_ring, cqe);
        ThrowIf(count, "IORING_OP_READ_FIXED");
        return new ReadOnlySpan<byte>(target, count);
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        io_uring_queue_exit(_ring);
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_ring);
    }
}
