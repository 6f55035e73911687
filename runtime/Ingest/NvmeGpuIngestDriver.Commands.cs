#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace NvmeGpu;

// Ranges of blocks, read by NVMe commands. One command at a time per slot: a slot larger than what a command
// may transfer is filled by one after the other, and is published when the last of them has ended with 0.
partial class NvmeGpuIngestDriver
{
    // Namespaces stay registered with the ring from range to range; those that nothing is read from make
    // room when the table is full.
    private readonly List<NvmeNamespace> _namespaces = [];
    private readonly OpenSource[] _allSources;

    /// <summary>
    /// Begins to read a range of a namespace's blocks into slots, by NVMe read commands past the filesystem
    /// and the page cache: slot by slot, and no more per command than the drive and the kernel allow
    /// (<see cref="NvmeNamespace.TransferBytesMax"/>).
    /// </summary>
    /// <param name="source">
    /// Where from. It stays the caller's: disposing it earlier fails what was not read yet.
    /// </param>
    /// <param name="lba">The first block, counted from the start of the namespace.</param>
    /// <param name="blocks">1 and more, up to the end of the namespace.</param>
    /// <param name="tag">Found again in <see cref="CompletedIngest.Tag"/>.</param>
    /// <returns>The source's number, found again in <see cref="CompletedIngest.Source"/>.</returns>
    /// <remarks>
    /// A slot has whole blocks of <see cref="NvmeNamespace.LbaBytes"/>: where the format keeps metadata
    /// behind each block's data, that as well. Where it keeps it apart, it is read along into the end of the
    /// slot, behind what is published, and nobody is given it; into host memory only, and the kernel needs
    /// CONFIG_BLK_DEV_INTEGRITY for it, else the source fails with EINVAL.
    /// <see cref="CompletedIngest.OffsetBytes"/> counts from the range's first block. A command that fails is
    /// sent again, up to five times, unless the drive says that it is of no use (DNR): at once, or after the
    /// time that the drive asks for (<see cref="NvmeNamespace.RetryDelayOf"/>), while other slots go on. Else
    /// its source fails with an <see cref="IngestException"/>, whose cause is the <see cref="NvmeException"/>
    /// with the drive's status, or its slot alone does (<see cref="IngestOptions.FailedSlotsMax"/>).
    /// Linux 6.1 answers EINVAL when all slots together are larger than one command may be.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The blocks are not inside the namespace.</exception>
    /// <exception cref="IngestException">The namespace cannot be read into these slots, or the kernel
    /// refused its device. Nothing was begun.</exception>
    /// <exception cref="InvalidOperationException">
    /// The driver was not opened for <see cref="NativeReadPath.GpuDirectNvmePassthrough"/>, or
    /// <see cref="OpenSourcesMax"/> sources are open: call <see cref="PollCompletions"/> first.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The namespace or the driver was disposed.</exception>
    public long SubmitNativeNvmeRead(NvmeNamespace source, ulong lba, ulong blocks, long tag = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        _ring.EnsureUsable();
        ObjectDisposedException.ThrowIf(source.IsClosed, source);
        if (ReadPath != NativeReadPath.GpuDirectNvmePassthrough)
        {
            throw new InvalidOperationException(WhyNoRanges);
        }
        if (IngestItem.WhyNotInside(source, lba, blocks) is { } reason)
        {
            throw new ArgumentOutOfRangeException(nameof(lba), lba, reason);
        }
        EnsureCanSubmit();
        return Open(IngestItem.NvmeRange(source, lba, blocks, tag));
    }

    private static string WhyNoRanges =>
        "this driver was not opened for ranges of blocks: open it with the read path "
        + $"{NativeReadPath.GpuDirectNvmePassthrough}.";

    /// <exception cref="IngestException">It cannot be read this way.</exception>
    private long OpenRange(in IngestItem item, NvmeNamespace source)
    {
        string? reason =
            ReadPath != NativeReadPath.GpuDirectNvmePassthrough ? WhyNoRanges
            : source.IsClosed ? "the namespace was disposed."
            : WhyNoCommands(source) ?? IngestItem.WhyNotInside(source, item.FirstLba, item.BlockCount);
        if (reason is not null)
        {
            throw new IngestException(item.Path, reason);
        }
        RegisterNamespace(item.Path, source);
        OpenSource opened = _sources[--_freeSourceCount];
        opened.Reset(_nextSourceNumber++, item, source, LayoutOf(source));
        opened.IsUntried = MustTry(source);
        _reading.Enqueue(opened);
        return opened.Number;
    }

    /// <summary>Null when its blocks can be read into slots.</summary>
    private string? WhyNoCommands(NvmeNamespace source) =>
        source.IsMetadataSeparate && !_regions.IsRegistered
            ? $"it keeps {source.MetadataBytes} bytes of metadata per block in a buffer of its own, "
                + "which is read along into host memory only."
        : LayoutOf(source).SlotBytesMax == 0
            ? $"its blocks have {source.LbaBytes} bytes"
                + (source.IsMetadataSeparate ? $" and {source.MetadataBytes} of metadata" : "")
                + $", and a slot only {_slotSizeBytes}."
        : null;

    /// <summary>
    /// What one command may transfer into these slots. Only huge pages are known to lie side by side; other
    /// memory takes a segment per page in the worst case.
    /// </summary>
    private CommandLayout LayoutOf(NvmeNamespace source) => CommandLayout.Of(
        source, _slotSizeBytes,
        _slotMemory.Backing == PageBacking.HugePages ? source.TransferBytesMax : source.ScatteredBytesMax);

    private void RegisterNamespace(string path, NvmeNamespace source)
    {
        if (_namespaces.Contains(source))
        {
            return;
        }
        if (_namespaces.Count == OpenSourcesMax)
        {
            // One more source may be opened, so fewer are open than there are namespaces.
            int idle = _namespaces.FindIndex(known => !IsOpen(known));
            Debug.Assert(idle >= 0);
            _ring.Unregister(_namespaces[idle]);
            _provenNamespaces.Remove(_namespaces[idle]);
            _namespaces.RemoveAt(idle);
        }
        try
        {
            _ring.Register(source);
        }
        catch (Exception e) when (e is IoUringException || source.IsClosed)
        {
            throw new IngestException(path, $"its device cannot be used with this ring: {e.Message}", e);
        }
        _namespaces.Add(source);
    }

    private bool IsOpen(NvmeNamespace source)
    {
        foreach (OpenSource open in _allSources)
        {
            if (open.Namespace == source) // null again when it is closed
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Reads the next blocks that the slot still lacks.</summary>
    private void BeginCommand(int index, ref Slot slot, OpenSource source, NvmeNamespace from)
    {
        if (slot.ExpectedBytes == 0) // an empty file
        {
            ConfirmExtents(slot);
            Settle(index, ref slot);
            return;
        }
        // Whole blocks, also of a file whose length ends within one.
        int blocks = (slot.ExpectedBytes - slot.FilledBytes + from.LbaBytes - 1) / from.LbaBytes;
        long wanted = Math.Min((long)blocks * from.LbaBytes, source.CommandBytesMax);
        ulong lba = LbaOf(slot, source, ref wanted);
        try
        {
            uint count = (uint)(wanted / from.LbaBytes);
            slot.Token = source.MetadataStartBytes == 0
                ? _regions.Read(_ring, index, slot.FilledBytes, (int)wanted, from, lba, count)
                : _regions.Read(
                    _ring, index, slot.FilledBytes, (int)wanted, source.MetadataStartBytes, from, lba, count);
        }
        catch (ObjectDisposedException e) when (from.IsClosed)
        {
            Fail(source, new IngestException(
                source.Path, "the namespace was disposed while it was read.", e));
            Settle(index, ref slot);
            return;
        }
        Begun(index, ref slot);
    }

    /// <summary>Where the slot's next bytes are, and no more of them than lie there in one piece.</summary>
    private static ulong LbaOf(in Slot slot, OpenSource source, ref long lengthBytes)
    {
        long offsetBytes = slot.OffsetBytes + slot.FilledBytes;
        if (source.Extents is not { } extents)
        {
            return source.FirstLba + (ulong)(offsetBytes / source.AlignmentBytes);
        }
        FileExtent extent = extents.Find(offsetBytes);
        lengthBytes = Math.Min(lengthBytes, extent.LengthBytes);
        return extent.Lba;
    }
}
