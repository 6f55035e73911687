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

    /// <summary>One way to read, into memory that becomes the attempt's own.</summary>
    private delegate (CapabilityOutcome Outcome, string Detail) Attempt(GpuMappedBuffer peer);

    /// <summary>By NVMe command from the target's namespace; the reference is read into RAM.</summary>
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
            int lbaBytes = source.LbaBytes;
            long lengthBytes =
                (long)Math.Min(source.LengthLbas, (ulong)(long.MaxValue / lbaBytes)) * lbaBytes;
            int blockBytes =
                (int)Math.Min(Math.Min(TrialRead.BlockBytesMax, source.ScatteredBytesMax), lengthBytes / 2)
                / lbaBytes * lbaBytes;
            if (source.IsMetadataSeparate || blockBytes == 0)
            {
                return NotTried(
                    Path, CapabilityOutcome.Missing,
                    $"{source.DevicePath} keeps its metadata apart, or has too few blocks.");
            }
            return TryAll(
                environment, Path, disk,
                peer => OfNamespace(peer, source, lengthBytes, blockBytes));
        }
    }

    /// <summary>By ordinary reads of the target; the reference comes through the page cache.</summary>
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
        using SafeFileHandle? reference = ProbeTarget.Open(target.Path, 0, out int errno);
        using SafeFileHandle? direct = reference is null || target.DirectOffsetBytes == 0
            ? null
            : ProbeTarget.Open(target.Path, Libc.O_DIRECT, out errno);
        if (reference is null || direct is null)
        {
            return NotTried(
                Path, target.DirectOffsetBytes == 0 ? CapabilityOutcome.Missing : OutcomeOf(errno),
                "the file cannot be read, or not with O_DIRECT.");
        }
        const int SafeAlignmentBytes = 4096;
        int unit = (int)Math.Min(target.DirectOffsetBytes ?? SafeAlignmentBytes, TrialRead.BlockBytesMax);
        long lengthBytes = Libc.lseek((int)reference.DangerousGetHandle(), 0, Libc.SEEK_END);
        int blockBytes = (int)Math.Min(TrialRead.BlockBytesMax, lengthBytes / 2) / unit * unit;
        if (blockBytes <= 0)
        {
            return NotTried(
                Path, CapabilityOutcome.CannotTell, $"the file has fewer than two blocks of {unit} bytes.");
        }
        return TryAll(environment, Path, disk, peer =>
        {
            using var path = new AttachedTrialPath(peer, direct);
            return TrialRead.Run(path, reference, lengthBytes, blockBytes);
        });
    }

    /// <summary>The verdict of a probe that has tried nothing.</summary>
    public static PeerTrial NotTried(NativeReadPath path, CapabilityOutcome outcome, string reason) => new(
        Check(outcome, $"{path} was not tried: {reason}", "Until then use RegisteredMappedRead."), false);

    private static (CapabilityOutcome, string) OfNamespace(
        GpuMappedBuffer peer, NvmeNamespace source, long lengthBytes, int blockBytes)
    {
        using var path = new AttachedTrialPath(peer, source);
        using var host = new AttachedTrialPath(GpuMappedBuffer.AllocateHost(WindowBytes), source);
        return TrialRead.Run(
            path,
            (offsetBytes, bytes) =>
                host.Read(offsetBytes, bytes.Length) == bytes.Length && host.CopyOut(bytes) == 0,
            lengthBytes, blockBytes);
    }

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
            (CapabilityOutcome outcome, string detail) = attempt(peer);
            return new(Check(outcome, into + detail, AdviceFor(outcome)), true);
        }
        catch (IoUringException e)
        {
            return new(
                Check(OutcomeOf(e.Errno), into + e.Message, "Look at the checks io_uring and memlock."),
                true);
        }
    }

    private static string AdviceFor(CapabilityOutcome outcome) => outcome switch
    {
        CapabilityOutcome.Proven => "",
        CapabilityOutcome.Missing =>
            "The drive does not reach this memory: put both behind one PCIe switch, or on a host bridge that "
                + "Linux lists, and let no IOMMU translate between them (iommu=pt).",
        _ => "Give a file or drive of some MiB with varied contents that nobody writes to.",
    };

    private static CapabilityOutcome OutcomeOf(int errno) =>
        errno is Libc.EACCES or Libc.EPERM ? CapabilityOutcome.NoPermission : CapabilityOutcome.CannotTell;

    private static CapabilityCheck Check(CapabilityOutcome outcome, string detail, string advice) =>
        new(CapabilityCheckId.TrialRead, Title, outcome, detail, advice);
}
