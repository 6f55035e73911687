#nullable enable
using System;
using System.Collections.Generic;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// An NVMe namespace that is open for read commands: its character device (/dev/ngXnY), its format and its
/// limits as they were when it was opened.
/// <para>
/// Reading commands reach the whole drive: neither files nor their permissions are looked at. Opening sends
/// two Identify commands; nothing is ever written.
/// </para>
/// <para>
/// Threads: immutable but for Dispose; rings on any thread may share it. A ring that has used it keeps the
/// device open until <see cref="IoUring.Unregister(NvmeNamespace)"/> or its own Dispose.
/// </para>
/// <para>Source: NVM Express Base Specification 2.0; Linux, Documentation/ABI/stable/sysfs-block.</para>
/// </summary>
sealed partial class NvmeNamespace : IDisposable
{
    /// <summary>The most blocks that one command can name: its field has 16 bits, and 0 means 1.</summary>
    public const int BlocksMax = 65_536;

    private readonly SafeFileHandle _handle;
    private readonly NamespaceFormat _format;
    private readonly NamespaceLimits _limits;

    internal NvmeNamespace(
        SafeFileHandle handle, string devicePath, uint namespaceId, in NamespaceFormat format,
        in NamespaceLimits limits, IReadOnlyList<string> pciAddresses, bool isMultipathHead,
        long partitionStartBytes)
    {
        _handle = handle;
        _format = format;
        _limits = limits;
        DevicePath = devicePath;
        NamespaceId = namespaceId;
        PciAddresses = pciAddresses;
        IsMultipathHead = isMultipathHead;
        PartitionStartBytes = partitionStartBytes;
        LbaBytes = format.DataBytes + (format.IsMetadataExtended ? format.MetadataBytes : 0);
        SeparateMetadataBytes = format.IsMetadataExtended ? 0 : format.MetadataBytes;
        // What is shorter than the block is no alignment; blocks with metadata behind them are at odd places.
        AlignmentBytes = format.IsMetadataExtended ? 4 : Math.Min(format.DataBytes, 4096);
        TransferBytesMax =
            (int)Math.Min(Math.Min(limits.TransferBytesMax, BlocksMax * (long)LbaBytes), int.MaxValue)
            / LbaBytes * LbaBytes;
        ScatteredBytesMax = (int)Math.Min(TransferBytesMax, limits.ScatteredBytesMax) / LbaBytes * LbaBytes;
    }

    /// <summary>The character device, for example <c>/dev/ng0n1</c>.</summary>
    public string DevicePath { get; }

    /// <summary>The namespace's number on its controller (NSID), 1 and more.</summary>
    public uint NamespaceId { get; }

    /// <summary>Blocks of the namespace.</summary>
    public ulong LengthLbas => _format.LengthLbas;

    /// <summary>
    /// Bytes of a block as a command transfers it: its data and, where the format keeps metadata behind each
    /// block's data, that as well.
    /// </summary>
    public int LbaBytes { get; }

    /// <summary>Bytes of data of a block, a power of two, 512 and more.</summary>
    public int LbaDataBytes => _format.DataBytes;

    /// <summary>Bytes of metadata of a block; 0 for none.</summary>
    public int MetadataBytes => _format.MetadataBytes;

    /// <summary>The metadata follows each block's data in the same buffer (extended LBA).</summary>
    public bool IsMetadataExtended => _format.IsMetadataExtended;

    /// <summary>
    /// The metadata is in a buffer of its own. Reads of such a namespace name two regions; with one they are
    /// refused, because the drive would write the metadata to address 0.
    /// </summary>
    public bool IsMetadataSeparate => SeparateMetadataBytes > 0;

    /// <summary>Bytes of a block's metadata in a buffer of its own; 0 for none.</summary>
    internal int SeparateMetadataBytes { get; }

    /// <summary>Type of end-to-end protection, 1 to 3; 0 for none.</summary>
    public int ProtectionType => _format.ProtectionType;

    /// <summary>Addresses that are read into are multiples of this many bytes.</summary>
    public int AlignmentBytes { get; }

    /// <summary>
    /// The most bytes of one command, a multiple of <see cref="LbaBytes"/>: the least of the drive's limit
    /// (MDTS), the kernel's (max_hw_sectors) and the command's.
    /// </summary>
    public int TransferBytesMax { get; }

    /// <summary>
    /// The same for memory whose pages are all over the place: one segment each (max_segments). Between this
    /// and <see cref="TransferBytesMax"/> a read works when pages lie side by side, as in huge pages, and
    /// ends with EINVAL when they do not.
    /// </summary>
    public int ScatteredBytesMax { get; }

    /// <summary>The drive's own limit in bytes (MDTS, with pages of 4 KiB); null for none.</summary>
    public long? DriveTransferBytesMax => _limits.DriveTransferBytesMax;

    /// <summary>
    /// How long the controller asks to wait before the command that had this status is sent again (CRD and
    /// CRDT1 to CRDT3), at most 30 s; zero when it does not ask.
    /// </summary>
    /// <remarks>
    /// As the controller said when the namespace was opened; with multipath one of them. Whether a retry is
    /// of use at all, <see cref="NvmeStatus.IsDoNotRetry"/> says.
    /// </remarks>
    public TimeSpan RetryDelayOf(NvmeStatus status) => _limits.RetryDelays.Of(status);

    /// <summary>
    /// PCI addresses of the controllers that lead to it, for example 0000:01:00.0: several with multipath.
    /// </summary>
    public IReadOnlyList<string> PciAddresses { get; }

    /// <summary>Several controllers may lead to it; the kernel chooses one per command.</summary>
    public bool IsMultipathHead { get; }

    /// <summary>
    /// Where the partition begins, on which the given file lies or which was given itself, in bytes from the
    /// start of the namespace; 0 without partition. The LBAs of commands count from the namespace's start.
    /// </summary>
    public long PartitionStartBytes { get; }

    /// <summary>Dispose was called.</summary>
    public bool IsClosed => _handle.IsClosed;

    internal SafeFileHandle Handle => _handle;

    /// <summary>The character device's name in /sys, for example ng0n1.</summary>
    internal string GenericName { get; init; } = "";

    /// <summary>
    /// Opens the namespace behind a file, a directory, a block device or partition (/dev/nvme0n1p2), or a
    /// namespace's character device (/dev/ng0n1).
    /// </summary>
    /// <exception cref="ArgumentException">The path is empty, or contains a zero character.</exception>
    /// <exception cref="NvmeException">
    /// The path has no such namespace (device mapper, software RAID, network filesystem, another disk), this
    /// user may not open it, or the drive does not describe itself: with what to do about it.
    /// </exception>
    public static NvmeNamespace Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0'))
        {
            throw new ArgumentException("The path contains a zero character.", nameof(path));
        }
        return NamespaceOpening.Open(ProbeEnvironment.Real, ProbeTarget.Look(path), NamespaceCalls.Real);
    }

    /// <summary>
    /// No further reads. Those in flight go on: the rings that have used it keep the device open.
    /// </summary>
    public void Dispose() => _handle.Dispose();

    public override string ToString() =>
        $"{DevicePath}: namespace {NamespaceId}, {LengthLbas} blocks of {LbaDataBytes} bytes"
            + (MetadataBytes == 0 ? "" : $" and {MetadataBytes} of metadata "
                + (IsMetadataExtended ? "behind them" : "apart from them"))
            + $", at most {TransferBytesMax} bytes per command";
}
