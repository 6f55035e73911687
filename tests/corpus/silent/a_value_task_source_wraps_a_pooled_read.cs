#nullable enable
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A reusable source with its own MemoryHandle; completed by whoever reaps.</summary>
public sealed unsafe class ReadSource : IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _core = new() { RunContinuationsAsynchronously = true };
    private MemoryHandle _pin;
    private GCHandle _self;
    private CancellationTokenRegistration _registration;

    public ValueTask<int> Start(
        io_uring* ring, int fd, Memory<byte> into, long offset, CancellationToken cancel)
    {
        _core.Reset();
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe is null)
        {
            return ValueTask.FromException<int>(new InvalidOperationException());
        }
        _pin = into.Pin();
        _self = GCHandle.Alloc(this);
        io_uring_prep_read(sqe, fd, _pin.Pointer, (uint)into.Length, (ulong)offset);
        io_uring_sqe_set_data64(sqe, (ulong)(nint)GCHandle.ToIntPtr(_self));
        int result = io_uring_submit(ring);
        if (result < 0)
        {
            Environment.FailFast("io_uring_submit");
        }
        nint shared = (nint)ring;
        _registration = cancel.UnsafeRegister(_ => Cancel((io_uring*)shared), null);
        return new ValueTask<int>(this, _core.Version);
    }

    private void Cancel(io_uring* ring)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe != null)
        {
            io_uring_prep_cancel64(sqe, (ulong)(nint)GCHandle.ToIntPtr(_self), 0);
            io_uring_sqe_set_data64(sqe, 0);
            _ = io_uring_submit(ring);
        }
    }

    public static void Complete(io_uring_cqe* cqe)
    {
        if (cqe->user_data == 0)
        {
            return;
        }
        var source = (ReadSource)GCHandle.FromIntPtr((nint)cqe->user_data).Target!;
        source._registration.Dispose();
        source._self.Free();
        source._pin.Dispose();
        if (cqe->res >= 0)
        {
            source._core.SetResult(cqe->res);
        }
        else
        {
            source._core.SetException(new IoUringException("IORING_OP_READ", -cqe->res, ""));
        }
    }

    public int GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
