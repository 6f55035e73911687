#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Check 13 for the paths into peer memory. The memory is a piece of another NVMe controller's buffer (CMB),
/// the only peer memory that this version allocates by itself; it is overwritten, and given back afterwards.
/// Of drives and files nothing is ever written.
/// </summary>
static partial class PeerTrialChecks
{
    private const string Title = "Trial read into peer memory, compared byte by byte";

    /// <summary>More are not tried: each costs a mapping and a few reads.</summary>
    private const int ControllersMax = 4;

    private const int WindowBytes = TrialRead.BlockBytesMax + TrialRead.GuardBytes;

    /// <summary>One way to read, into memory that is the caller's.</summary>
    private delegate (CapabilityOutcome Outcome, string Detail) Attempt(GpuMappedBuffer peer);

    /// <summary>By NVMe command from the target's namespace.</summary>
    /// <param name="environment">Where /sys and /dev are.</param>
    /// <param name="target">Anything on an NVMe drive.</param>
    /// <param name="disk">Its disk.</param>
    /// <param name="canCommand">Rings with big entries, and commands, are there.</param>
    public static PeerTrial Passthrough(
        ProbeEnvironment environment, ProbeTarget target, BlockDevice? disk, bool canCommand)
    {
        const NativeReadPath Path = NativeReadPath.GpuDirectNvmePassthrough;
        if (target.Kind == ProbeTargetKind.None)
        {
            return NotTried(Path, CapabilityOutcome.CannotTell, "no path was given.");
        }
        if (!canCommand)
        {
            return NotTried(Path, CapabilityOutcome.Missing, "io_uring takes no NVMe commands here.");
        }
        NvmeNamespace source;
        try
        {
            source = NamespaceOpening.Open(environment, target, NamespaceCalls.Real);
        }
        catch (NvmeException e)
        {
            return NotTried(Path, OutcomeOf(e.Errno), e.Message);
        }
        using (source)
        {
            return TryAll(
                environment, Path, disk, peer => AttachedTrial.OfNamespace(peer, 0, WindowBytes, source));
        }
    }

    /// <summary>By ordinary reads of the target, with O_DIRECT.</summary>
    /// <param name="environment">Where /sys is.</param>
    /// <param name="target">A file or block device.</param>
    /// <param name="disk">Its disk.</param>
    /// <param name="hasRing">There is io_uring.</param>
    public static PeerTrial DirectRead(
        ProbeEnvironment environment, ProbeTarget target, BlockDevice? disk, bool hasRing)
    {
        const NativeReadPath Path = NativeReadPath.PeerDirectFileRead;
        if (!target.IsReadable)
        {
            return NotTried(Path, CapabilityOutcome.CannotTell, "there is no file to read.");
        }
        if (!hasRing)
        {
            return NotTried(Path, CapabilityOutcome.Missing, "io_uring cannot be used.");
        }
        int errno = 0;
        using SafeFileHandle? direct = target.DirectOffsetBytes == 0
            ? null
            : ProbeTarget.Open(target.Path, Libc.O_DIRECT, out errno);
        if (direct is null)
        {
            return NotTried(
                Path, target.DirectOffsetBytes == 0 ? CapabilityOutcome.Missing : OutcomeOf(errno),
                "the file cannot be read, or not with O_DIRECT.");
        }
        const int SafeAlignmentBytes = 4096;
        int unit = (int)Math.Min(target.DirectOffsetBytes ?? SafeAlignmentBytes, TrialRead.BlockBytesMax);
        return TryAll(
            environment, Path, disk, peer => AttachedTrial.OfFile(peer, 0, WindowBytes, direct, unit));
    }

    /// <summary>The verdict of a probe that has tried nothing.</summary>
    public static PeerTrial NotTried(NativeReadPath path, CapabilityOutcome outcome, string reason) => new(
        Check(outcome, $"{path} was not tried: {reason}", "Until then use RegisteredMappedRead."), false);

    /// <summary>The first memory that is proven counts; else the first that failed.</summary>
    private static PeerTrial TryAll(
        ProbeEnvironment environment, NativeReadPath path, BlockDevice? disk, Attempt attempt)
    {
        // A drive's reads into its own buffer are no peer DMA, and work up to 4 KiB only.
        IReadOnlyList<string> own = disk?.PciAddresses(environment) ?? [];
        NvmeCmbProvider[] providers =
        [
            .. NvmeCmbProvider.All(environment, MappingClassifier.Classify)
                .Where(provider => !own.Contains(provider.PciAddress)).Take(ControllersMax),
        ];
        PeerTrial? failure = null;
        foreach (NvmeCmbProvider provider in providers)
        {
            PeerTrial trial = TryOne(path, provider, attempt);
            if (trial.Check.Outcome == CapabilityOutcome.Proven)
            {
                return trial;
            }
            failure = failure is { WasTried: true } ? failure : trial;
        }
        return failure ?? NotTried(
            path, CapabilityOutcome.Missing,
            "no other NVMe controller publishes memory, and a GPU's is not allocated by this version.");
    }

    private static PeerTrial TryOne(NativeReadPath path, NvmeCmbProvider provider, Attempt attempt)
    {
        string into = $"{path} into the memory of {provider.PciAddress}: ";
        GpuMappedBuffer peer;
        try
        {
            peer = provider.Allocate(WindowBytes);
        }
        catch (IoUringException e)
        {
            return NotTried(path, OutcomeOf(e.Errno), e.Message);
        }
        catch (InvalidOperationException e)
        {
            return NotTried(path, CapabilityOutcome.CannotTell, e.Message);
        }
        try
        {
            using (peer)
            {
                (CapabilityOutcome outcome, string detail) = attempt(peer);
                return new(
                    Check(outcome, into + detail, AttachedTrial.AdviceFor(outcome)), true,
                    outcome == CapabilityOutcome.Proven ? provider : null);
            }
        }
        catch (IoUringException e)
        {
            return new(
                Check(OutcomeOf(e.Errno), into + e.Message, "Look at the checks io_uring and memlock."),
                true);
        }
    }

    private static CapabilityOutcome OutcomeOf(int errno) =>
        errno is Libc.EACCES or Libc.EPERM ? CapabilityOutcome.NoPermission : CapabilityOutcome.CannotTell;

    private static CapabilityCheck Check(CapabilityOutcome outcome, string detail, string advice) =>
        new(CapabilityCheckId.TrialRead, Title, outcome, detail, advice);
}
