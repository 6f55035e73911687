#nullable enable
using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// The trial read into memory that is not registered, of any size from one block on. The reference is read in
/// the same way into RAM. What is in the memory is lost.
/// </summary>
static partial class AttachedTrial
{
    /// <summary>
    /// Of the exception that says that the memory is lost: a read into it may still come to its end.
    /// </summary>
    public const int LostErrno = Libc.ETIME;

    /// <summary>By NVMe commands, of blocks anywhere in the namespace.</summary>
    /// <param name="buffer">The caller's.</param>
    /// <param name="startBytes">Where in it the trial's memory begins, a multiple of 4 KiB.</param>
    /// <param name="windowBytes">How much it may use, at most.</param>
    /// <param name="source">The caller's.</param>
    /// <exception cref="IoUringException">The kernel refused a ring or memory for the trial, or with
    /// <see cref="LostErrno"/> the memory is lost.</exception>
    public static (CapabilityOutcome Outcome, string Detail) OfNamespace(
        GpuMappedBuffer buffer, long startBytes, int windowBytes, NvmeNamespace source) =>
        source.IsMetadataSeparate
            ? (CapabilityOutcome.Missing, $"{source.DevicePath} keeps its metadata apart.")
            : Run(
                buffer, startBytes, windowBytes, source, null,
                (long)Math.Min(source.LengthLbas, (ulong)(long.MaxValue / source.LbaBytes)) * source.LbaBytes,
                source.LbaBytes, source.ScatteredBytesMax);

    /// <summary>By ordinary reads with O_DIRECT.</summary>
    /// <param name="buffer">The caller's.</param>
    /// <param name="startBytes">Where in it the trial's memory begins, a multiple of 4 KiB.</param>
    /// <param name="windowBytes">How much it may use, at most.</param>
    /// <param name="direct">Opened with O_DIRECT; the caller's.</param>
    /// <param name="alignmentBytes">Offsets and lengths of its reads are multiples of this.</param>
    /// <exception cref="IoUringException">The kernel refused a ring or memory for the trial, or with
    /// <see cref="LostErrno"/> the memory is lost.</exception>
    public static (CapabilityOutcome Outcome, string Detail) OfFile(
        GpuMappedBuffer buffer, long startBytes, int windowBytes, SafeFileHandle direct,
        int alignmentBytes) =>
        Run(
            buffer, startBytes, windowBytes, null, direct,
            Math.Max(0, Libc.lseek((int)direct.DangerousGetHandle(), 0, Libc.SEEK_END)), alignmentBytes,
            TrialRead.BlockBytesMax);

    /// <summary>What to do about an outcome; empty when it is proven.</summary>
    public static string AdviceFor(CapabilityOutcome outcome) => outcome switch
    {
        CapabilityOutcome.Proven => "",
        CapabilityOutcome.Missing =>
            "The drive does not reach this memory: put both behind one PCIe switch, or on a host bridge that "
                + "Linux lists, and let no IOMMU translate between them (iommu=pt).",
        _ => "Give a file or drive of some MiB with varied contents that nobody writes to.",
    };

    private static (CapabilityOutcome Outcome, string Detail) Run(
        GpuMappedBuffer buffer, long startBytes, int windowBytes, NvmeNamespace? source,
        SafeFileHandle? direct, long lengthBytes, int unitBytes, int transferBytesMax)
    {
        // A block comes first; what is left behind it is watched.
        int guardBytes = Math.Clamp(windowBytes - unitBytes, 0, TrialRead.GuardBytes);
        int roomBytes =
            Math.Min(Math.Min(windowBytes - guardBytes, TrialRead.BlockBytesMax), transferBytesMax);
        int blockBytes = (int)Math.Min(roomBytes, lengthBytes / 2) / unitBytes * unitBytes;
        if (blockBytes <= 0)
        {
            return (
                CapabilityOutcome.CannotTell,
                $"There are fewer than two blocks of {unitBytes} bytes to read, or no room for one.");
        }
        var path = new AttachedTrialPath(buffer, startBytes, source, direct);
        (CapabilityOutcome Outcome, string Detail) verdict;
        try
        {
            using GpuMappedBuffer ram = GpuMappedBuffer.AllocateHost(blockBytes);
            using var host = new AttachedTrialPath(ram, 0, source, direct);
            verdict = TrialRead.Run(
                path,
                (offsetBytes, bytes) =>
                    host.Read(offsetBytes, bytes.Length) == bytes.Length && host.CopyOut(bytes) == 0,
                lengthBytes, blockBytes, guardBytes);
        }
        finally
        {
            path.Dispose();
        }
        return path.IsMemoryLost
            ? throw new IoUringException(
                "A trial read", LostErrno,
                "the drive does not answer, and may still write into the memory, which is lost.")
            : verdict;
    }
}
