#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A ref struct with the dispose pattern, used in one `using var`.</summary>
public unsafe ref struct ScopedRing : IDisposable
{
    private readonly io_uring* _ring;
    private byte* _buffer;

    public ScopedRing(uint entries, int bufferBytes)
    {
        _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        int result = io_uring_queue_init(entries, _ring, 0);
        if (result < 0)
        {
            NativeMemory.Free(_ring);
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        _buffer = (byte*)NativeMemory.Alloc((nuint)bufferBytes);
    }

    public readonly ReadOnlySpan<byte> ReadBlock(int fd, ulong offset, int bytes)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_read(sqe, fd, _buffer, (uint)bytes, offset);
        if (io_uring_submit(_ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(_ring, &cqe) != 0)
        {
        }
        int count = cqe->res;
        io_uring_cqe_seen(_ring, cqe);
        return count > 0 ? new ReadOnlySpan<byte>(_buffer, count) : default;
    }

    public void Dispose()
    {
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_ring);
        NativeMemory.Free(_buffer);
        _buffer = null;
    }

    public static int LengthOfFirstBlock(int fd)
    {
        using var ring = new ScopedRing(1, 4096);
        return ring.ReadBlock(fd, 0, 4096).Length;
    }
}
