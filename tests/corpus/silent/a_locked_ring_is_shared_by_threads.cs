#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A ring without SINGLE_ISSUER, used under a lock, complete inside it.</summary>
public sealed unsafe class LockedRing : IDisposable
{
    private readonly Lock _gate = new();
    private readonly io_uring* _ring;

    public LockedRing()
    {
        _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        int result = io_uring_queue_init(1, _ring, 0);
        if (result < 0)
        {
            NativeMemory.Free(_ring);
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
    }

    public long ReadLong(int fd, ulong offset)
    {
        lock (_gate)
        {
            long* value = stackalloc long[1];
            io_uring_sqe* sqe = io_uring_get_sqe(_ring);
            io_uring_prep_read(sqe, fd, value, sizeof(long), offset);
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
            return count == sizeof(long)
                ? *value
                : throw new IoUringException("read", Math.Max(-count, 0), "");
        }
    }

    public Task<long[]> ReadManyAsync(int fd, int count) => Task.Run(() =>
    {
        var values = new long[count];
        Parallel.For(0, count, i => values[i] = ReadLong(fd, (ulong)i * sizeof(long)));
        return values;
    });

    public void Dispose()
    {
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_ring);
    }
}
