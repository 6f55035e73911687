#nullable enable
using System;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Where the slots lie in their memory: no slot crosses a multiple of 1 GiB, where a registered piece ends.
/// </summary>
/// <param name="Offsets">First byte of each slot.</param>
/// <param name="LengthBytes">Bytes of memory in all.</param>
readonly partial record struct SlotLayout(long[] Offsets, long LengthBytes)
{
    public int Count => Offsets.Length;

    public static SlotLayout Of(int count, int slotSizeBytes)
    {
        long slotsPerPiece = RegisteredMemory.PieceBytesMax / slotSizeBytes;
        long[] offsets = new long[count];
        for (int i = 0; i < count; i++)
        {
            offsets[i] = (i / slotsPerPiece * RegisteredMemory.PieceBytesMax)
                + (i % slotsPerPiece * slotSizeBytes);
        }
        return new SlotLayout(offsets, offsets[^1] + slotSizeBytes);
    }

    /// <summary>
    /// Allocates slots, and registers or attaches them: exactly as many as asked for, or when 0 are asked
    /// for, as many of the default as the locked-memory limit and the memory allow.
    /// </summary>
    /// <returns>The buffer (the caller's), how it is read into, the layout, and why that many
    /// slots.</returns>
    /// <exception cref="IoUringException">The kernel refused that many, or even one.</exception>
    /// <exception cref="NotSupportedException">The path does not read into such memory.</exception>
    public static
        (GpuMappedBuffer Buffer, SlotRegions Regions, SlotLayout Layout, string Why) Allocate(
        int askedCount, int defaultCount, int slotSizeBytes, IPeerMemoryProvider memory, IoUring ring,
        NativeReadPath path)
    {
        if (askedCount > 0)
        {
            return AllocateExactly(askedCount, slotSizeBytes, memory, ring, path, "as asked");
        }

        int count = defaultCount;
        string why = "the default";
        // Of memory that another provider gives only the kernel knows whether it counts.
        if (memory is HostMemoryProvider
            && MemoryLimits.LockedBytes is { } limit && limit < (long)count * slotSizeBytes)
        {
            count = (int)Math.Max(1, limit / slotSizeBytes);
            why = $"the default of {defaultCount} does not fit the limit on locked memory, {limit / 1024} "
                + "KiB (ulimit -l)";
        }
        while (true)
        {
            try
            {
                return AllocateExactly(count, slotSizeBytes, memory, ring, path, why);
            }
            catch (IoUringException e) when (e.Errno == Libc.ENOMEM && count > 1)
            {
                // The limit is one per user: other rings may have taken a part of it.
                count /= 2;
                why = "more than that does not fit what is left of the limit on locked memory (ulimit -l), "
                    + "or of the device's memory";
            }
        }
    }

    private static
        (GpuMappedBuffer Buffer, SlotRegions Regions, SlotLayout Layout, string Why) AllocateExactly(
        int count, int slotSizeBytes, IPeerMemoryProvider memory, IoUring ring, NativeReadPath path,
        string why)
    {
        SlotLayout layout = Of(count, slotSizeBytes);
        GpuMappedBuffer buffer = memory.Allocate(layout.LengthBytes);
        try
        {
            SlotRegions regions = ReadPathChoice.IsRegistered(path, buffer.Kind)
                ? SlotRegions.Register(ring, buffer, layout, slotSizeBytes)
                : SlotRegions.Attach(ring, buffer, layout, slotSizeBytes);
            return (buffer, regions, layout, why);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
