#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>ref locals and ref returns into native memory that no operation uses.</summary>
public sealed unsafe class Arena : IDisposable
{
    private readonly long* _cells = (long*)NativeMemory.AllocZeroed(1024, sizeof(long));

    public ref long this[int index] => ref _cells[index & 1023];

    public int Refresh(io_uring* ring, int fd, int firstCell, int cells)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        ulong offset = (ulong)(firstCell * sizeof(long));
        io_uring_prep_read(sqe, fd, _cells + firstCell, (uint)(cells * sizeof(long)), offset);
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
        ref long first = ref this[firstCell];
        if (count >= sizeof(long))
        {
            first = Math.Abs(first);
        }
        return count / sizeof(long);
    }

    public void Dispose() => NativeMemory.Free(_cells);
}
