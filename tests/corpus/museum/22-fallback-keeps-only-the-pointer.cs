#nullable enable
// Museum row 22: https://github.com/feichai0017/orbitkv/pull/24 (Rust, found in review)
// A queued write copies its data into a registered slot. When no slot is free it falls back to a plain write
// of the data itself and remembers only the state of the operation; the data, which the function owns, is
// dropped at its end on both ways. Rust's drop is a free at the end here.
// caught: NVG0003
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
    private readonly Dictionary<ulong, bool> _pending = [];

    public DiskWorker(io_uring* ring, [Registered] byte* slots)
    {
        _ring = ring;
        _slots = slots;
    }

    public void QueueWrite(int fd, ulong offset, [Releases] byte* data, ulong token)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        if (_freeSlots.TryPop(out int slot))
        {
            byte* target = _slots + (slot * SlotBytes);
            Buffer.MemoryCopy(data, target, SlotBytes, SlotBytes);
            io_uring_prep_write_fixed(sqe, fd, target, SlotBytes, offset, slot);
            _pending.Add(token, true);
        }
        else
        {
            io_uring_prep_write(sqe, fd, data, SlotBytes, offset);
            _pending.Add(token, false);
        }
        sqe->user_data = token;
        {|NVG0003.may:NativeMemory.Free(data)|};
    }
}
