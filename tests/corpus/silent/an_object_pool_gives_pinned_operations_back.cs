#nullable enable
using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Pooled operation objects with an array of the pinned heap and a normal handle to
/// themselves.</summary>
public sealed unsafe class PooledOperation
{
    private static readonly ConcurrentBag<PooledOperation> s_pool = [];

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(4096, pinned: true);
    private GCHandle _self;
    private Action<ReadOnlyMemory<byte>, Exception?>? _onDone;

    public static PooledOperation Rent(Action<ReadOnlyMemory<byte>, Exception?> onDone)
    {
        if (!s_pool.TryTake(out PooledOperation? operation))
        {
            operation = new PooledOperation();
        }
        operation._onDone = onDone;
        operation._self = GCHandle.Alloc(operation);
        return operation;
    }

    public void Begin(io_uring* ring, int fd, ulong offset)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            _self.Free();
            s_pool.Add(this);
            throw new InvalidOperationException("The queue is full.");
        }
        io_uring_prep_read(
            sqe, fd, (void*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0), (uint)_bytes.Length, offset);
        io_uring_sqe_set_data(sqe, (void*)GCHandle.ToIntPtr(_self));
    }

    public static void OnCompleted(io_uring_cqe* cqe)
    {
        GCHandle handle = GCHandle.FromIntPtr((nint)io_uring_cqe_get_data(cqe));
        if (handle.Target is not PooledOperation operation)
        {
            return;
        }
        Action<ReadOnlyMemory<byte>, Exception?>? onDone = operation._onDone;
        operation._onDone = null;
        operation._self.Free();
        try
        {
            if (cqe->res >= 0)
            {
                onDone?.Invoke(operation._bytes.AsMemory(0, cqe->res), null);
            }
            else
            {
                onDone?.Invoke(default, new IoUringException("IORING_OP_READ", -cqe->res, ""));
            }
        }
        finally
        {
            s_pool.Add(operation);
        }
    }
}
