#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The order in Dispose: what is in flight ends, then the ring, then the memory.</summary>
public sealed unsafe class Reader : IDisposable
{
    private readonly io_uring* _ring;
    private byte* _buffer;
    private int _inFlight;

    public Reader()
    {
        _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        int result = io_uring_queue_init(4, _ring, 0);
        if (result < 0)
        {
            NativeMemory.Free(_ring);
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        _buffer = (byte*)NativeMemory.Alloc(4096);
    }

    public void Begin(int fd, ulong offset)
    {
        if (_inFlight > 0)
        {
            throw new InvalidOperationException("One read at a time.");
        }
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_read(sqe, fd, _buffer, 4096, offset);
        _inFlight = 1;
        int result = io_uring_submit(_ring);
        if (result < 0)
        {
            throw new IoUringException("io_uring_submit", -result, "");
        }
    }

    public ReadOnlySpan<byte> End()
    {
        int count = Reap();
        return count >= 0
            ? new ReadOnlySpan<byte>(_buffer, count)
            : throw new IoUringException("IORING_OP_READ", -count, "");
    }

    public void Dispose()
    {
        if (_buffer == null)
        {
            return;
        }
        while (_inFlight > 0)
        {
            _ = Reap();
        }
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_ring);
        NativeMemory.Free(_buffer);
        _buffer = null;
    }

    private int Reap()
    {
        io_uring_cqe* cqe;
        int result;
        do
        {
            result = io_uring_submit_and_wait(_ring, 1);
        }
        while (result == -Libc.EINTR);
        if (result < 0 || io_uring_peek_cqe(_ring, &cqe) != 0)
        {
            Environment.FailFast("the ring does not answer");
            return result;
        }
        int count = cqe->res;
        io_uring_cqe_seen(_ring, cqe);
        _inFlight = 0;
        return count;
    }
}
