#nullable enable
using System;

namespace NvmeGpu;

/// <summary>How much one command may transfer, and when it may be sent again.</summary>
/// <param name="TransferBytesMax">The least of what drive and kernel allow.</param>
/// <param name="ScatteredBytesMax">The same with one segment per page of memory.</param>
/// <param name="DriveTransferBytesMax">The drive's own limit (MDTS); null for none.</param>
readonly partial record struct NamespaceLimits(
    long TransferBytesMax, long ScatteredBytesMax, long? DriveTransferBytesMax)
{
    /// <summary>What the controller says of retries.</summary>
    public RetryDelays RetryDelays { get; init; }

    /// <summary>The structure's number in the Identify command (CNS): Identify Controller.</summary>
    public const byte Structure = 0x01;

    private const int TransferSizeAt = 77; // MDTS: a power of two of the controller's least page

    // CAP.MPSMIN is in a register that user space does not see. 4 KiB is its least, and what drives have: a
    // larger page would only allow more.
    private const int PageShift = 12;

    /// <summary>The controller's limit on one transfer in bytes; null for none.</summary>
    public static long? OfController(ReadOnlySpan<byte> identify)
    {
        int shift = identify[TransferSizeAt];
        return shift is 0 or > 32 ? null : 1L << (shift + PageShift);
    }

    /// <summary>
    /// Of the drive's description and of the queues of every path to it (queue/max_hw_sectors_kb and
    /// queue/max_segments in /sys). Null when nobody names a limit.
    /// </summary>
    public static NamespaceLimits? Find(
        ProbeEnvironment environment, BlockDevice? disk, ReadOnlySpan<byte> identifyController)
    {
        // One segment per page; what a queue that does not say can surely take.
        const long SegmentsUnknown = 32;
        long? drive = OfController(identifyController);
        long? transferBytes = drive;
        long? segments = null;
        if (disk is not null)
        {
            Narrow(environment, disk.Folder, ref transferBytes, ref segments);
            foreach (string path in disk.PathFolders(environment))
            {
                Narrow(environment, path, ref transferBytes, ref segments);
            }
        }
        return transferBytes is not { } limit
            ? null
            : new NamespaceLimits(
                limit, Math.Min(limit, (segments ?? SegmentsUnknown) * Environment.SystemPageSize), drive)
            {
                RetryDelays = RetryDelays.OfController(identifyController),
            };
    }

    private static void Narrow(
        ProbeEnvironment environment, string folder, ref long? transferBytes, ref long? segments)
    {
        if (environment.ReadNumber(folder + "/queue/max_hw_sectors_kb") is { } kib and > 0
            and <= long.MaxValue >> 10)
        {
            transferBytes = Math.Min(transferBytes ?? long.MaxValue, kib << 10);
        }
        if (environment.ReadNumber(folder + "/queue/max_segments") is { } count and > 0 and <= 1 << 20)
        {
            segments = Math.Min(segments ?? long.MaxValue, count);
        }
    }
}
