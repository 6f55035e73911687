#nullable enable
using System;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu;

/// <summary>
/// A file that is being read: how far, by how many slots, and whether it failed. Reused from file to file.
/// </summary>
sealed partial class OpenSource
{
    public long Number { get; set; }

    public string Path { get; set; } = "";

    public long Tag { get; set; }

    /// <summary>The file as the ring knows it; nothing when blocks of a namespace are read.</summary>
    public RegisteredFile File { get; set; }

    /// <summary>The file as it was opened; null when nothing asks for it any more.</summary>
    public SafeFileHandle? Handle { get; set; }

    /// <summary>A trial read has to show first that the drive reaches the slots.</summary>
    public bool IsUntried { get; set; }

    /// <summary>The namespace whose blocks are read; null when a file is by ordinary reads.</summary>
    public NvmeNamespace? Namespace { get; set; }

    /// <summary>Where the file's bytes are on the namespace; null when a range of blocks is read, or the file
    /// by ordinary reads.</summary>
    public FileExtents? Extents { get; set; }

    /// <summary>The range's first block.</summary>
    public ulong FirstLba { get; set; }

    /// <summary>The most bytes of a slot, whole blocks.</summary>
    public int SlotBytesMax { get; set; }

    /// <summary>The most bytes of one command, whole blocks.</summary>
    public int CommandBytesMax { get; set; }

    /// <summary>Where in the slot a command's metadata goes; 0 when it has no place of its own.</summary>
    public int MetadataStartBytes { get; set; }

    public long LengthBytes { get; set; }

    /// <summary>Reads must begin and end at multiples of this; 1 without direct I/O; a block's bytes for
    /// commands.</summary>
    public int AlignmentBytes { get; set; }

    public ZeroCopyEvidence Evidence { get; set; }

    /// <summary>The kernel says that it has no bytes; a read must show whether that is so.</summary>
    public bool MustBeEmpty { get; set; }

    /// <summary>It ends early only when its drive has gone.</summary>
    public bool IsBlockDevice { get; set; }

    /// <summary>Where the next slot begins.</summary>
    public long NextOffsetBytes { get; set; }

    /// <summary>The last slot was taken: no more reads begin.</summary>
    public bool IsAllTaken { get; set; }

    /// <summary>Slots that were taken and neither published nor dropped yet.</summary>
    public int UnsettledSlotCount { get; set; }

    /// <summary>At least one slot was published.</summary>
    public bool IsPartlyPublished { get; set; }

    /// <summary>Slots that failed alone.</summary>
    public int FailedSlotCount { get; set; }

    /// <summary>Why it failed; null while it has not.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Nothing more happens to it but that its end is reported.</summary>
    public bool IsSettled => UnsettledSlotCount == 0 && (IsAllTaken || Failure is not null);

    /// <summary>A file.</summary>
    public void Reset(
        long number, in IngestItem item, RegisteredFile file, in SourceFile opened, int slotBytesMax)
    {
        Reset(number, item);
        File = file;
        SlotBytesMax = slotBytesMax;
        LengthBytes = opened.LengthBytes;
        AlignmentBytes = opened.DirectAlignmentBytes;
        Evidence = opened.Evidence;
        MustBeEmpty = item.LengthBytes is null && opened.LengthBytes == 0;
        IsBlockDevice = opened.IsBlockDevice;
    }

    /// <summary>A range of blocks, which lies inside the namespace.</summary>
    public void Reset(long number, in IngestItem item, NvmeNamespace from, in CommandLayout layout)
    {
        Reset(number, item);
        Lay(from, layout);
        FirstLba = item.FirstLba;
        LengthBytes = (long)item.BlockCount * from.LbaBytes;
        AlignmentBytes = from.LbaBytes;
        Evidence = ZeroCopyEvidence.ZeroCopyByDesign;
    }

    /// <summary>A file that is read by its extents.</summary>
    public void Reset(
        long number, in IngestItem item, FileExtents extents, in SourceFile opened, NvmeNamespace from,
        in CommandLayout layout)
    {
        Reset(number, item);
        Lay(from, layout);
        Handle = opened.Handle;
        Extents = extents;
        LengthBytes = opened.LengthBytes;
        AlignmentBytes = from.LbaBytes;
        Evidence = ZeroCopyEvidence.ZeroCopyByDesign;
    }

    private void Lay(NvmeNamespace from, in CommandLayout layout)
    {
        Namespace = from;
        SlotBytesMax = layout.SlotBytesMax;
        CommandBytesMax = layout.CommandBytesMax;
        MetadataStartBytes = layout.MetadataStartBytes;
    }

    private void Reset(long number, in IngestItem item)
    {
        Number = number;
        Path = item.Path;
        Tag = item.Tag;
        File = default;
        Handle = null;
        IsUntried = false;
        Extents = null;
        Namespace = null;
        FirstLba = 0;
        CommandBytesMax = 0;
        MetadataStartBytes = 0;
        MustBeEmpty = false;
        IsBlockDevice = false;
        NextOffsetBytes = 0;
        IsAllTaken = false;
        UnsettledSlotCount = 0;
        IsPartlyPublished = false;
        FailedSlotCount = 0;
        Failure = null;
    }
}
