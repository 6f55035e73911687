#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Freeing a GCHandle frees the handle; its target lives as long as anybody refers to it.</summary>
public sealed unsafe class CarriedState(int number)
{
    public int Number => number;

    public int Result { get; private set; }

    public void Begin(io_uring* ring)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            throw new InvalidOperationException("The submission queue is full.");
        }
        io_uring_prep_nop(sqe);
        io_uring_sqe_set_data64(sqe, (ulong)GCHandle.ToIntPtr(GCHandle.Alloc(this)));
    }

    public static CarriedState? Next(io_uring* ring)
    {
        io_uring_cqe* cqe;
        if (io_uring_peek_cqe(ring, &cqe) != 0)
        {
            return null;
        }
        var handle = GCHandle.FromIntPtr((nint)io_uring_cqe_get_data64(cqe));
        var state = (CarriedState)handle.Target!;
        handle.Free();
        state.Result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        Console.WriteLine($"{state.Number}: {state.Result}");
        return state;
    }

    public static byte[] Unpin(byte[] bytes)
    {
        GCHandle pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        nint address = pin.AddrOfPinnedObject();
        pin.Free();
        bytes[0] = (byte)(address & 1);
        return bytes;
    }
}
