#nullable enable
// Museum row 30: https://github.com/ad-freiburg/qlever/pull/3202 (C++, found in review)
// A manager registers a pool of buffers of 4096 bytes each and reads as many bytes into one as its caller
// asks for. Nothing compares the two. The sizes come in a span, the pool is a field.
// missed: the length is a value of run time; the rule compares constants
using System;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class ReadManager
{
    private const int SlotBytes = 4096;
    private readonly io_uring* _ring;
    private readonly byte* _slots;

    public ReadManager(io_uring* ring, [Registered] byte* slots)
    {
        _ring = ring;
        _slots = slots;
    }

    public int AddBatch(int fd, ReadOnlySpan<int> lengthsBytes, ReadOnlySpan<long> offsets)
    {
        for (int i = 0; i < lengthsBytes.Length; i++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(_ring);
            if (sqe == null)
            {
                return i;
            }
            byte* slot = _slots + (i * SlotBytes);
            io_uring_prep_read_fixed(sqe, fd, slot, (uint)lengthsBytes[i], (ulong)offsets[i], i);
            io_uring_sqe_set_data64(sqe, (ulong)i);
        }
        return io_uring_submit(_ring);
    }
}
