#nullable enable
// Museum row 30: https://github.com/ad-freiburg/qlever/pull/3202 (C++, found in review)
// The same with the owned types: a slot is a region, and a length is a piece of it.
// caught: checked runtime
using System;
using NvmeGpu;

internal sealed class ReadManager(IoUring ring, RegisteredMemory slots, RegisteredFile file)
{
    private const int SlotBytes = 4096;

    public int AddBatch(Span<ReadToken> tokens, ReadOnlySpan<int> lengthsBytes, ReadOnlySpan<long> offsets)
    {
        for (int i = 0; i < lengthsBytes.Length; i++)
        {
            RegisteredRegion slot = slots.Region((long)i * SlotBytes, SlotBytes);
            RegisteredRegion into = slot.Slice(0, lengthsBytes[i]); // ArgumentOutOfRangeException
            tokens[i] = ring.Read(into, file, offsets[i]);
        }
        return ring.Submit();
    }
}
