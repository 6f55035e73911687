#nullable enable
using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>Check 13 for registered reads; <see cref="PeerTrialChecks"/> has the others.</summary>
static partial class TrialReadChecks
{
    private const string Title = "Trial read, compared byte by byte";

    /// <summary>For a file whose alignment the kernel does not name.</summary>
    private const int SafeAlignmentBytes = 4096;

    private const int SmallestFileBytes = 16;

    /// <summary>Reads two blocks through a real ring into registered memory.</summary>
    public static CapabilityCheck Registered(ProbeTarget target, bool hasRing)
    {
        if (!target.IsReadable)
        {
            return Check(
                CapabilityOutcome.CannotTell, "Nothing was read: there is no file to read.",
                "Give a file or block device that this user may read.");
        }
        if (!hasRing)
        {
            return Check(
                CapabilityOutcome.CannotTell, "Nothing was read: io_uring cannot be used.",
                "Make io_uring work first.");
        }
        using SafeFileHandle? reference = ProbeTarget.Open(target.Path, 0, out int errno);
        if (reference is null)
        {
            return Check(
                errno is Libc.EACCES or Libc.EPERM
                    ? CapabilityOutcome.NoPermission
                    : CapabilityOutcome.CannotTell,
                $"The file could not be opened: {Errno.NameOf(errno)} ({Errno.MeaningOf(errno)}).",
                "Give a file that this user may read.");
        }
        long lengthBytes = Libc.lseek((int)reference.DangerousGetHandle(), 0, Libc.SEEK_END);
        if (lengthBytes < SmallestFileBytes)
        {
            return Check(
                CapabilityOutcome.CannotTell,
                $"The file has {Math.Max(0, lengthBytes)} bytes, too few to compare.",
                "Give a larger file, best of some MiB.");
        }
        return Try(target, reference, lengthBytes);
    }

    private static CapabilityCheck Try(ProbeTarget target, SafeFileHandle reference, long lengthBytes)
    {
        int alignment =
            (int)Math.Min(target.DirectOffsetBytes ?? SafeAlignmentBytes, TrialRead.BlockBytesMax);
        bool isLongEnough = lengthBytes >= 2L * alignment;
        using SafeFileHandle? direct = target.DirectOffsetBytes == 0 || !isLongEnough
            ? null
            : ProbeTarget.Open(target.Path, Libc.O_DIRECT, out _);
        int unit = direct is null ? 1 : alignment;
        int blockBytes = (int)Math.Min(TrialRead.BlockBytesMax, lengthBytes / 2) / unit * unit;
        try
        {
            using var path =
                new RegisteredTrialPath(direct ?? reference, TrialRead.BlockBytesMax + TrialRead.GuardBytes);
            (CapabilityOutcome outcome, string detail) =
                TrialRead.Run(path, reference, lengthBytes, blockBytes);
            string how = direct is null
                ? $"{NativeReadPath.RegisteredMappedRead}, through the page cache: "
                : $"{NativeReadPath.RegisteredMappedRead}, with O_DIRECT: ";
            return Check(outcome, how + detail, outcome switch
            {
                CapabilityOutcome.Proven => "",
                CapabilityOutcome.Missing =>
                    "Do not use this path for this file; report this with the kernel's version.",
                _ => "Give a file of some MiB with varied contents that nobody writes to.",
            });
        }
        catch (IoUringException e)
        {
            return Check(
                e.Errno == Libc.ENOMEM ? CapabilityOutcome.NoPermission : CapabilityOutcome.CannotTell,
                $"Preparing the read failed: {e.Operation}, {Errno.NameOf(e.Errno)} "
                    + $"({Errno.MeaningOf(e.Errno)}).",
                e.LikelyCause.Length == 0
                    ? "Look at the checks io_uring and memlock."
                    : "Likely cause: " + e.LikelyCause);
        }
    }

    private static CapabilityCheck Check(CapabilityOutcome outcome, string detail, string advice) =>
        new(CapabilityCheckId.TrialRead, Title, outcome, detail, advice);
}
