#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The managed object of an operation travels as user_data in a GCHandle.</summary>
public static unsafe class OperationObjects
{
    private sealed class Operation(byte[] bytes)
    {
        public byte[] Bytes => bytes;

        public GCHandle Pin { get; } = GCHandle.Alloc(bytes, GCHandleType.Pinned);

        public Action<byte[], int>? Done { get; init; }
    }

    public static bool Begin(io_uring* ring, int fd, int length, Action<byte[], int> done)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return false;
        }
        var operation = new Operation(new byte[length]) { Done = done };
        io_uring_prep_read(sqe, fd, (void*)operation.Pin.AddrOfPinnedObject(), (uint)length, 0);
        sqe->user_data = (ulong)GCHandle.ToIntPtr(GCHandle.Alloc(operation));
        return true;
    }

    public static void OnCompletion(io_uring* ring, io_uring_cqe* cqe)
    {
        GCHandle handle = GCHandle.FromIntPtr((nint)cqe->user_data);
        int result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        var operation = (Operation)handle.Target!;
        operation.Pin.Free();
        handle.Free();
        operation.Done?.Invoke(operation.Bytes, result);
    }
}
