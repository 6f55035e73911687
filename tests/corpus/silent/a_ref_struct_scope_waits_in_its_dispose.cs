#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A scope counts what was begun and waits for it when it is left, however it is left.</summary>
public unsafe ref struct ReadScope(io_uring* ring)
{
    private readonly io_uring* _ring = ring;
    private int _begun;

    public void Read(int fd, [KernelRetains(Until.Completion)] void* into, uint length, ulong offset)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        if (sqe == null)
        {
            throw new InvalidOperationException("full");
        }
        io_uring_prep_read(sqe, fd, into, length, offset);
        _begun++;
    }

    [Completes]
    public void Dispose()
    {
        while (_begun > 0)
        {
            if (io_uring_submit_and_wait(_ring, 1) is < 0 and not -Libc.EINTR)
            {
                Environment.FailFast("io_uring_submit_and_wait");
            }
            uint seen = 0;
            foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(_ring))
            {
                Failures += cqe->res < 0 ? 1 : 0;
                seen++;
            }
            io_uring_cq_advance(_ring, seen);
            _begun -= (int)seen;
        }
    }

    public int Failures { get; private set; }
}

public static unsafe class ReadScopeUser
{
    public static int ReadTwice(io_uring* ring, int fd, Span<byte> into)
    {
        byte* one = stackalloc byte[512];
        byte* two = stackalloc byte[512];
        using (var scope = new ReadScope(ring))
        {
            scope.Read(fd, one, 512, 0);
            scope.Read(fd, two, 512, 512);
        }
        new ReadOnlySpan<byte>(one, 512).CopyTo(into);
        new ReadOnlySpan<byte>(two, 512).CopyTo(into[512..]);
        return one[0] + two[0];
    }
}
