#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A buffer class with a finalizer; the reader holds it in a field and keeps it alive.</summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private nint _address;

    public NativeBuffer(int length)
    {
        Length = length;
        _address = (nint)NativeMemory.AlignedAlloc((nuint)length, 4096);
        GC.AddMemoryPressure(length);
    }

    ~NativeBuffer() => Free();

    public int Length { get; }

    [Stable]
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address == 0, this);
            return (byte*)_address;
        }
    }

    public Span<byte> Span => new(Pointer, Length);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            NativeMemory.AlignedFree((void*)address);
            GC.RemoveMemoryPressure(Length);
        }
    }
}

public static unsafe class NativeBufferReader
{
    public static int Checksum(io_uring* ring, int fd)
    {
        var buffer = new NativeBuffer(4096);
        try
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, buffer.Pointer, (uint)buffer.Length, 0);
            int result = io_uring_submit_and_wait(ring, 1);
            if (result < 0)
            {
                Environment.FailFast("io_uring_submit_and_wait");
            }
            io_uring_cqe* cqe;
            while (io_uring_peek_cqe(ring, &cqe) == -Libc.EAGAIN)
            {
                Thread.Yield();
            }
            int count = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            int sum = 0;
            foreach (byte value in buffer.Span[..Math.Max(count, 0)])
            {
                sum += value;
            }
            return sum;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    public static int Unfinished(io_uring* ring, int fd)
    {
        var buffer = new NativeBuffer(512);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, buffer.Pointer, 512, 0);
        if (io_uring_submit_and_wait(ring, 1) != 1)
        {
            Environment.FailFast("io_uring_submit_and_wait");
        }
        io_uring_cqe* cqe;
        int result = io_uring_wait_cqe(ring, &cqe) == 0 ? cqe->res : -1;
        io_uring_cqe_seen(ring, cqe);
        GC.KeepAlive(buffer);
        return result;
    }
}
