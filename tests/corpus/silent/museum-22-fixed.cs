#nullable enable
// Museum row 22, fixed (museum/22-fallback-keeps-only-the-pointer.cs):
// https://github.com/feichai0017/orbitkv/pull/24
// The pending entry of a plain write owns the data until the completion.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class DiskWorker
{
    private const int SlotBytes = 4096;
    private readonly io_uring* _ring;
    private readonly byte* _slots;
    private readonly Stack<int> _freeSlots = new();
    private readonly Dictionary<ulong, nint> _pending = [];

    public DiskWorker(io_uring* ring, [Registered] byte* slots)
    {
        _ring = ring;
        _slots = slots;
    }

    public void QueueWrite(int fd, ulong offset, [KernelRetains(Until.Completion)] byte* data, ulong token)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        if (_freeSlots.TryPop(out int slot))
        {
            byte* target = _slots + (slot * SlotBytes);
            Buffer.MemoryCopy(data, target, SlotBytes, SlotBytes);
            io_uring_prep_write_fixed(sqe, fd, target, SlotBytes, offset, slot);
            _pending.Add(token, 0);
            NativeMemory.Free(data);
        }
        else
        {
            io_uring_prep_write(sqe, fd, data, SlotBytes, offset);
            _pending.Add(token, (nint)data);
        }
        sqe->user_data = token;
    }

    public void OnCompleted(ulong token)
    {
        if (_pending.Remove(token, out nint data))
        {
            NativeMemory.Free((void*)data);
        }
    }
}
