#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

public abstract unsafe class Operation : IDisposable
{
    protected abstract void Prepare(io_uring_sqe* sqe);

    protected abstract void OnResult(int result);

    public void Run(io_uring* ring)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        Prepare(sqe);
        int error = io_uring_submit_and_wait(ring, 1);
        if (error < 0)
        {
            throw new IoUringException("io_uring_submit_and_wait", -error, "");
        }
        io_uring_cqe* cqe;
        if (io_uring_peek_cqe(ring, &cqe) == 0)
        {
            OnResult(cqe->res);
            io_uring_cqe_seen(ring, cqe);
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
    }
}

public sealed unsafe class ReadOperation(int fd, int length) : Operation
{
    private byte* _buffer = (byte*)NativeMemory.Alloc((nuint)length);

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => new(_buffer, Count);

    protected override void Prepare(io_uring_sqe* sqe) =>
        io_uring_prep_read(sqe, fd, _buffer, (uint)length, 0);

    protected override void OnResult(int result) =>
        Count = result >= 0 ? result : throw new IoUringException("IORING_OP_READ", -result, "");

    protected override void Dispose(bool isDisposing)
    {
        NativeMemory.Free(_buffer);
        _buffer = null;
        base.Dispose(isDisposing);
    }

    ~ReadOperation() => Dispose(false);
}

public sealed unsafe class StatOperation : Operation
{
    private readonly statx* _result = (statx*)NativeMemory.AllocZeroed((nuint)sizeof(statx));
    private readonly nint _path;

    public StatOperation(string path) => _path = Marshal.StringToCoTaskMemUTF8(path);

    public ulong Size => ((libc_statx*)_result)->stx_size;

    protected override void Prepare(io_uring_sqe* sqe) =>
        io_uring_prep_statx(sqe, Libc.AT_FDCWD, (sbyte*)_path, 0, Libc.STATX_SIZE, _result);

    protected override void OnResult(int result)
    {
        if (result != 0)
        {
            throw new IoUringException("IORING_OP_STATX", -result, "");
        }
    }

    protected override void Dispose(bool isDisposing)
    {
        Marshal.FreeCoTaskMem(_path);
        NativeMemory.Free(_result);
    }
}
