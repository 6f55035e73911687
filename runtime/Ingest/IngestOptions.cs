#nullable enable
using System;

namespace NvmeGpu;

/// <summary>
/// How an ingest driver is to be set up. The default value of every property is a working choice.
/// </summary>
readonly partial record struct IngestOptions
{
    /// <summary>
    /// Slot sizes are multiples of this: it satisfies every known alignment for direct I/O.
    /// </summary>
    public const int SlotSizeStepBytes = 4096;

    /// <summary>The largest slot: what one entry of the kernel's buffer table can hold.</summary>
    public const int SlotSizeLimitBytes = 1 << 30;

    /// <summary>The most slots.</summary>
    public const int SlotCountLimit = 32_768;

    /// <summary>The defaults below.</summary>
    public IngestOptions()
    {
    }

    /// <summary>
    /// The path to take; null lets the driver choose by <see cref="Target"/>, and without it takes
    /// <see cref="NativeReadPath.RegisteredMappedRead"/>, which needs no hardware.
    /// <see cref="NativeReadPath.GpuDirectNvmePassthrough"/> reads ranges of blocks, and files of ext4 and
    /// xfs past their filesystem (<see cref="FileExtents"/>), for who may send the drive commands.
    /// See <see cref="NvmeGpuIngestDriver.ReadPathReason"/>.
    /// </summary>
    public NativeReadPath? ReadPath { get; init; }

    /// <summary>
    /// Slots, 1 to 32,768. 0 lets the driver choose: 32, or fewer when the locked-memory limit is low.
    /// </summary>
    public int SlotCount { get; init; }

    /// <summary>Bytes per slot: a multiple of 4096, at most 1 GiB.</summary>
    public int SlotSizeBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Reads in flight at most, 1 and more; more than there are slots counts as the number of slots.
    /// </summary>
    public int DepthMax { get; init; } = 16;

    /// <summary>
    /// Open files with O_DIRECT: the device writes into the slots itself, past the page cache.
    /// </summary>
    public bool DirectIo { get; init; }

    /// <summary>
    /// A thread of the kernel takes the reads (<see cref="IoUringOptions.UseSubmissionPolling"/>): fewer
    /// system calls, for one more processor that is busy.
    /// </summary>
    public bool UseSubmissionPolling { get; init; }

    /// <summary>
    /// The drive's queue is looked at instead of waiting for its interrupt
    /// (<see cref="IoUringOptions.UseCompletionPolling"/>): less latency, for a processor that is always
    /// busy. For NVMe commands and with <see cref="DirectIo"/> only. What is in flight cannot be cancelled
    /// then, and is waited for.
    /// </summary>
    public bool UseCompletionPolling { get; init; }

    /// <summary>
    /// Publish slots in the order of their bytes, file after file, as hashes and parsers need it. Otherwise
    /// each slot is published when its read completes.
    /// </summary>
    public bool PublishInOrder { get; init; } = true;

    /// <summary>
    /// How many slots of one source may fail alone, 0 and more, because its storage cannot deliver their
    /// bytes (<see cref="IngestStatus.SlotFailed"/>): the others are still read and published. One more fails
    /// the source. The default of 0 ends a source with its first bad block, so that what is published of it
    /// has no gap: who puts bytes together must look at every offset, or at every failed slot, with more.
    /// </summary>
    /// <remarks>
    /// Bad blocks are NVMe statuses of media and data integrity, after the retries, and of ordinary reads
    /// EIO, ENODATA and EILSEQ. All else still fails the source: a drive that is gone, a file that became
    /// shorter or was written to. A slot is the unit that is lost: smaller slots lose less. A drive may try
    /// for seconds before it gives a block up. An ordinary read that failed so is tried once more by itself,
    /// because the kernel joins neighbours into one read; with <see cref="UseSubmissionPolling"/> it may join
    /// them again, and a good slot beside a bad one then fails with it.
    /// </remarks>
    public int FailedSlotsMax { get; init; }

    /// <summary>
    /// What will be read, or one of it: a file, a block device or a namespace's character device. What
    /// <see cref="ReadPath"/> and <see cref="Memory"/> leave open is then decided by a trial read of it into
    /// the memory that other NVMe drives publish: if every byte arrives there, the slots are in that memory
    /// and files are read by <see cref="NativeReadPath.PeerDirectFileRead"/>, namespaces by
    /// <see cref="NativeReadPath.GpuDirectNvmePassthrough"/>; else the slots are host memory, where the path
    /// reads into that. <see cref="NvmeGpuIngestDriver.ReadPathReason"/> says why. Null tries nothing.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>
    /// Where the slots' memory comes from; null means host memory, or what <see cref="Target"/> leads to.
    /// Memory of another device
    /// (<see cref="NvmeCmbProvider"/>, <see cref="ExternalMemoryProvider"/>) is read into by the paths that
    /// are asked for by name, and never registered. That a drive reaches it only a read can tell: behind an
    /// IOMMU it may report success although nothing arrives. So each drive is tried before the first slot is
    /// filled from it, and a source whose drive is not proven fails: with a file that is shorter than two
    /// blocks or all alike nothing can be proven, unless its drive has been before.
    /// </summary>
    public IPeerMemoryProvider? Memory { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(SlotCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SlotCount, SlotCountLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(SlotSizeBytes, SlotSizeStepBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SlotSizeBytes, SlotSizeLimitBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(DepthMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DepthMax, IoUringOptions.DepthLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(FailedSlotsMax);
        if (SlotSizeBytes % SlotSizeStepBytes != 0)
        {
            throw new ArgumentException(
                $"SlotSizeBytes is {SlotSizeBytes}, and must be a multiple of {SlotSizeStepBytes}: direct "
                + "I/O and the GPU need aligned slots.",
                nameof(SlotSizeBytes));
        }
        if (UseCompletionPolling && !DirectIo && ReadPath is (null or NativeReadPath.RegisteredMappedRead))
        {
            throw new ArgumentException(
                "UseCompletionPolling asks the drive's queue, and reads through the page cache never come to "
                + "it: set DirectIo too.",
                nameof(UseCompletionPolling));
        }
        if (Target is { } target && (target.Length == 0 || target.Contains('\0')))
        {
            throw new ArgumentException("The path is empty or contains a zero character.", nameof(Target));
        }
        if (ReadPath is { } path && !Enum.IsDefined(path))
        {
            throw new ArgumentOutOfRangeException(nameof(ReadPath), path, "Not a value of NativeReadPath.");
        }
    }
}
