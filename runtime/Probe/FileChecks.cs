#nullable enable
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>Whether a file can be read past the page cache.</summary>
static partial class FileChecks
{
    /// <summary>Check 4: statx(2) names the alignment, and an open with O_DIRECT has the last word.</summary>
    public static CapabilityCheck DirectIo(ProbeTarget target)
    {
        const string Title = "Reading past the page cache (O_DIRECT)";
        (CapabilityOutcome outcome, string detail, string advice) = target.Kind switch
        {
            ProbeTargetKind.None =>
                (CapabilityOutcome.CannotTell, "No path was given.", "Give a file or block device."),
            ProbeTargetKind.Unreachable => target.WhyUnreachable(),
            ProbeTargetKind.Directory => (
                CapabilityOutcome.CannotTell, "The path is a directory; only a file can be tried.",
                "Give a file in that directory."),
            ProbeTargetKind.File or ProbeTargetKind.BlockDevice => Open(target),
            _ => (
                CapabilityOutcome.Missing, "The path is neither a file nor a block device.",
                "Give a file or block device."),
        };
        return new(CapabilityCheckId.DirectIo, Title, outcome, detail, advice);
    }

    private static (CapabilityOutcome, string, string) Open(ProbeTarget target)
    {
        const string Buffered = "Reads go through the page cache and count as bounced; "
            + "for direct reads use a filesystem on a local drive (ext4, xfs).";
        if (target.DirectMemoryBytes == 0 || target.DirectOffsetBytes == 0)
        {
            return (CapabilityOutcome.Missing, "The kernel says that this file has no direct I/O.", Buffered);
        }
        using SafeFileHandle? handle = ProbeTarget.Open(target.Path, Libc.O_DIRECT, out int errno);
        if (handle is not null)
        {
            return (CapabilityOutcome.Ok, target.DirectMemoryBytes is { } memory
                ? $"It opens; alignment {memory} bytes in memory, {target.DirectOffsetBytes} in the file."
                : "It opens; nothing names the alignment (statx), 4096 bytes are safe.", "");
        }
        return errno switch
        {
            Libc.EACCES or Libc.EPERM => (
                CapabilityOutcome.NoPermission, "This user may not open the file for reading.",
                "Give the user read permission for the file."),
            Libc.EINVAL => (CapabilityOutcome.Missing, "The filesystem refuses O_DIRECT (EINVAL).", Buffered),
            _ => (
                CapabilityOutcome.CannotTell,
                $"Opening failed with {Errno.NameOf(errno)} ({Errno.MeaningOf(errno)}).",
                "Give a file that can be opened for reading."),
        };
    }
}
