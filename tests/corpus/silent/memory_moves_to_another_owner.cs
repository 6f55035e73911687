#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A factory hands memory over; the receiver frees it.</summary>
public sealed unsafe class Loaded : IDisposable
{
    private byte* _bytes;

    private Loaded([Transfers] byte* bytes, int length)
    {
        _bytes = bytes;
        Length = length;
    }

    public int Length { get; }

    public ReadOnlySpan<byte> Bytes => new(_bytes, Length);

    public static Loaded Load(io_uring* ring, int fd, int length)
    {
        byte* bytes = (byte*)NativeMemory.Alloc((nuint)length);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, bytes, (uint)length, 0);
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
        if (count < 0)
        {
            NativeMemory.Free(bytes);
            throw new IoUringException("IORING_OP_READ", -count, "");
        }
        return new Loaded(bytes, count);
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
    }
}
