#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The classic pattern: the finalizer frees only what no operation can reach.</summary>
public unsafe class ClassicOwner : IDisposable
{
    private io_uring* _ring;
    private byte* _block;

    public ClassicOwner()
    {
        _block = (byte*)NativeMemory.Alloc(4096);
        _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        int result = io_uring_queue_init(2, _ring, 0);
        if (result < 0)
        {
            NativeMemory.Free(_ring);
            _ring = null;
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
    }

    ~ClassicOwner() => Dispose(false);

    public int ReadSync(int fd)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_read(sqe, fd, _block, 4096, 0);
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
        GC.KeepAlive(this);
        return count;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_ring != null)
        {
            io_uring_queue_exit(_ring);
            NativeMemory.Free(_ring);
            _ring = null;
        }
        NativeMemory.Free(_block);
        _block = null;
    }
}
