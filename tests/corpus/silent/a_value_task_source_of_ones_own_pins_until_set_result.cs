#nullable enable
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A reusable operation object: pinned when begun, unpinned before the result is set.</summary>
public sealed unsafe class PinnedRead : IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _core;
    private MemoryHandle _pin;

    public ValueTask<int> Begin(io_uring* ring, int fd, Memory<byte> into)
    {
        _core.Reset();
        _pin = into.Pin();
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            _pin.Dispose();
            return ValueTask.FromException<int>(
                new InvalidOperationException("The submission queue is full."));
        }
        io_uring_prep_read(sqe, fd, _pin.Pointer, (uint)into.Length, 0);
        sqe->user_data = (ulong)GCHandle.ToIntPtr(GCHandle.Alloc(this));
        return new ValueTask<int>(this, _core.Version);
    }

    public static void Complete(io_uring_cqe* cqe)
    {
        GCHandle handle = GCHandle.FromIntPtr((nint)cqe->user_data);
        var read = (PinnedRead)handle.Target!;
        handle.Free();
        read._pin.Dispose();
        int count = cqe->res;
        if (count < 0)
        {
            read._core.SetException(new IoUringException("IORING_OP_READ", -count, ""));
        }
        else
        {
            read._core.SetResult(count);
        }
    }

    public int GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
