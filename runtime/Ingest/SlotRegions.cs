#nullable enable
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// The slots as a ring reads into them: pieces of registered memory, or of attached memory where the kernel
/// registers none. The same two reads for both.
/// </summary>
readonly partial struct SlotRegions
{
    private readonly RegisteredRegion[]? _registered;
    private readonly AttachedRegion[] _attached;

    private SlotRegions(RegisteredRegion[]? registered, AttachedRegion[] attached)
    {
        _registered = registered;
        _attached = attached;
    }

    /// <summary>The kernel has pinned the memory once and for all.</summary>
    public bool IsRegistered => _registered is not null;

    /// <summary>Registers a buffer with a ring.</summary>
    /// <exception cref="IoUringException">The kernel refused.</exception>
    public static SlotRegions Register(
        IoUring ring, GpuMappedBuffer buffer, in SlotLayout layout, int slotSizeBytes)
    {
        RegisteredMemory memory = ring.Register(buffer);
        var regions = new RegisteredRegion[layout.Count];
        for (int i = 0; i < regions.Length; i++)
        {
            regions[i] = memory.Region(layout.Offsets[i], slotSizeBytes);
        }
        return new SlotRegions(regions, []);
    }

    /// <summary>Attaches a buffer to a ring: its pages are looked up for each read.</summary>
    public static SlotRegions Attach(
        IoUring ring, GpuMappedBuffer buffer, in SlotLayout layout, int slotSizeBytes)
    {
        AttachedMemory memory = ring.Attach(buffer);
        var regions = new AttachedRegion[layout.Count];
        for (int i = 0; i < regions.Length; i++)
        {
            regions[i] = memory.Region(layout.Offsets[i], slotSizeBytes);
        }
        return new SlotRegions(null, regions);
    }

    /// <summary>Begins a read of a file into a part of a slot.</summary>
    [return: MustObserve]
    public ReadToken Read(
        IoUring ring, int slot, int startBytes, int lengthBytes, RegisteredFile file, long offsetBytes) =>
        _registered is { } registered
            ? ring.Read(registered[slot].Slice(startBytes, lengthBytes), file, offsetBytes)
            : ring.Read(_attached[slot].Slice(startBytes, lengthBytes), file, offsetBytes);

    /// <summary>
    /// Begins a read of whole blocks into a part of a slot, and of their metadata into another; registered
    /// memory only.
    /// </summary>
    [return: MustObserve]
    public ReadToken Read(
        IoUring ring, int slot, int startBytes, int lengthBytes, int metadataStartBytes, NvmeNamespace source,
        ulong lba, uint blocks) => ring.Read(
            _registered![slot].Slice(startBytes, lengthBytes),
            _registered[slot].Slice(metadataStartBytes, (int)blocks * source.MetadataBytes), source, lba,
            blocks);

    /// <summary>Begins a read of whole blocks into a part of a slot.</summary>
    [return: MustObserve]
    public ReadToken Read(
        IoUring ring, int slot, int startBytes, int lengthBytes, NvmeNamespace source, ulong lba,
        uint blocks) =>
        _registered is { } registered
            ? ring.Read(registered[slot].Slice(startBytes, lengthBytes), source, lba, blocks)
            : ring.Read(_attached[slot].Slice(startBytes, lengthBytes), source, lba, blocks);
}
