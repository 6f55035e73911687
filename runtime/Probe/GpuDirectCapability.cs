#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace NvmeGpu;

/// <summary>
/// What this machine can do for reads from NVMe into GPU memory: sixteen checks in a fixed order, and per
/// read path "available", or the first missing thing and what to do about it.
/// <para>
/// Everything is found out by looking or by trying, nothing is written to any disk, and no special permission
/// is needed: what this user may not do is an outcome. It takes some milliseconds; up to 64 MiB of memory are
/// registered for a moment. Where an NVMe controller publishes memory of its own, a piece of it is allocated
/// and read into.
/// </para>
/// <para>Immutable; any thread.</para>
/// </summary>
sealed partial class GpuDirectCapability
{
    // Of no account where another device's memory has been read into.
    private static readonly string[] s_gpu =
    [
        CapabilityCheckId.NvidiaDriver, CapabilityCheckId.NvidiaRegistryKeys, CapabilityCheckId.Bar1,
        CapabilityCheckId.PeerMemory,
    ];

    private static readonly string[] s_peerKernelAndGpu =
        [CapabilityCheckId.PeerToPeerKernel, .. s_gpu, CapabilityCheckId.Iommu];

    private readonly PathCapability[] _paths;

    private GpuDirectCapability(
        string? target, CapabilityCheck[] checks, bool canRegisterSome, PeerTrial passthrough,
        PeerTrial directRead)
    {
        Target = target;
        Checks = checks;
        _paths =
        [
            JudgeRegistered(canRegisterSome),
            JudgePeer(
                NativeReadPath.GpuDirectNvmePassthrough,
                [
                    CapabilityCheckId.IoUring, CapabilityCheckId.BigEntries, CapabilityCheckId.UringCommand,
                    CapabilityCheckId.NvmeCharDevice, .. s_peerKernelAndGpu,
                ],
                passthrough),
            JudgePeer(
                NativeReadPath.PeerDirectFileRead,
                [CapabilityCheckId.IoUring, CapabilityCheckId.DirectIo, .. s_peerKernelAndGpu],
                directRead),
        ];
    }

    /// <summary>The path that was looked at; null when only the machine was.</summary>
    public string? Target { get; }

    /// <summary>All checks, in the order of <see cref="CapabilityCheckId.All"/>.</summary>
    public IReadOnlyList<CapabilityCheck> Checks { get; }

    /// <summary>Looks at the machine and, if a path is given, at that file and its drive.</summary>
    /// <param name="path">
    /// A file (best: it alone can be read for a trial), a directory, a block device, a namespace's character
    /// device, or null for the machine only. A path that does not exist is reported, not thrown.
    /// </param>
    /// <exception cref="ArgumentException">The path is empty, or contains a zero character.</exception>
    public static GpuDirectCapability Probe(string? path = null)
    {
        if (path is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            if (path.Contains('\0'))
            {
                throw new ArgumentException("The path contains a zero character.", nameof(path));
            }
        }
        return Probe(ProbeEnvironment.Real, ProbeTarget.Look(path), RingSetup.CallKernel);
    }

    /// <summary>
    /// The same with another /proc and /sys, another path and another io_uring_setup(2): for tests.
    /// </summary>
    internal static GpuDirectCapability Probe(
        ProbeEnvironment environment, ProbeTarget target, RingSetup.Setup setup)
    {
        CapabilityCheck ring = IoUringChecks.Ring(environment, setup);
        BlockDevice? disk = NvmeDeviceChecks.DiskBehind(environment, target);
        CapabilityCheck memory =
            IoUringChecks.LockedMemory(ring.IsOk, IoUringChecks.DefaultSlotBytes, out long registeredBytes);
        CapabilityCheck bigEntries = IoUringChecks.BigEntries(ring.IsOk, setup);
        CapabilityCheck commands = IoUringChecks.UringCommand(ring.IsOk, setup);
        CapabilityCheck[] checks =
        [
            ring,
            bigEntries,
            commands,
            FileChecks.DirectIo(target),
            NvmeDeviceChecks.CharDevice(environment, target),
            KernelChecks.PeerToPeer(environment),
            NvidiaChecks.Driver(environment),
            NvidiaChecks.RegistryKeys(environment),
            NvidiaChecks.Bar1(environment),
            NvidiaChecks.PeerMemory(environment),
            KernelChecks.Iommu(environment, disk?.PciAddresses(environment) ?? []),
            MemoryChecks.MappingFlags(environment),
            TrialReadChecks.Registered(target, ring.IsOk),
            memory,
            IoUringChecks.DmaBuf(ring.IsOk, setup),
            NvidiaChecks.NvidiaFs(environment),
        ];
        return new(
            target.Kind == ProbeTargetKind.None ? null : target.Path, checks, registeredBytes > 0,
            PeerTrialChecks.Passthrough(
                environment, target, disk, ring.IsOk && bigEntries.IsOk && commands.IsOk),
            PeerTrialChecks.DirectRead(environment, target, disk, ring.IsOk));
    }

    /// <summary>For tests of the judgement alone.</summary>
    internal static GpuDirectCapability FromChecks(
        IEnumerable<CapabilityCheck> checks, bool canRegisterSome, PeerTrial? trial = null)
    {
        PeerTrial peer = trial ?? PeerTrialChecks.NotTried(
            NativeReadPath.GpuDirectNvmePassthrough, CapabilityOutcome.CannotTell, "nothing was looked at.");
        return new(null, [.. checks], canRegisterSome, peer, peer);
    }

    /// <summary>Whether a read path can be used here and, if not, what is missing first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the three paths.</exception>
    public PathCapability For(NativeReadPath path)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((int)path, nameof(path));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)path, _paths.Length, nameof(path));
        return _paths[(int)path];
    }

    /// <summary>The check of that id, see <see cref="CapabilityCheckId"/>.</summary>
    /// <exception cref="ArgumentException">There is no such check.</exception>
    public CapabilityCheck Find(string id) =>
        Checks.FirstOrDefault(check => check.Id == id)
        ?? throw new ArgumentException($"There is no check '{id}': see CapabilityCheckId.", nameof(id));

    /// <summary>The whole report as plain text, one check per paragraph, lines ended by \n.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Target is null
            ? "This machine:\n"
            : $"This machine, and {ProbeEnvironment.Printable(Target)}:\n");
        for (int i = 0; i < Checks.Count; i++)
        {
            CapabilityCheck check = Checks[i];
            text.Append($"{i + 1,2} {check.Id,-21} {WordFor(check.Outcome),-13} {check.Title}\n");
            text.Append($"     {check.Detail}\n");
            if (check.Advice.Length > 0)
            {
                text.Append($"     -> {check.Advice}\n");
            }
        }
        text.Append("Read paths:\n");
        foreach (PathCapability path in _paths)
        {
            string word = path.IsProven ? "proven" : path.IsAvailable ? "available" : "not available";
            text.Append($"   {path.Path,-24} {word,-13} {path.Reason}\n");
        }
        return text.ToString();
    }

    private static string WordFor(CapabilityOutcome outcome) => outcome switch
    {
        CapabilityOutcome.Ok => "ok",
        CapabilityOutcome.Missing => "missing",
        CapabilityOutcome.NoPermission => "no permission",
        CapabilityOutcome.Proven => "proven",
        _ => "cannot tell",
    };

    private PathCapability JudgeRegistered(bool canRegisterSome)
    {
        CapabilityCheck trial = Find(CapabilityCheckId.TrialRead);
        CapabilityCheck memory = Find(CapabilityCheckId.LockedMemory);
        bool hasFailed = trial.Outcome is CapabilityOutcome.Missing or CapabilityOutcome.NoPermission;
        CapabilityCheck? missing =
            Find(CapabilityCheckId.IoUring) is { IsOk: false } ring ? ring
            : !canRegisterSome ? memory
            : hasFailed ? trial
            : null;
        if (missing is not null)
        {
            return new(NativeReadPath.RegisteredMappedRead, false, missing, trial, Explain(missing));
        }
        string reason = trial.Outcome == CapabilityOutcome.Proven
            ? "A trial read brought the right bytes."
            : "Nothing is missing; no trial read has proven it: " + trial.Detail;
        // A low limit does not take the path away: fewer or smaller slots fit below it.
        reason += memory.IsOk ? "" : $" {memory.Detail} {memory.Advice}";
        return new(NativeReadPath.RegisteredMappedRead, true, null, trial, reason);
    }

    /// <summary>
    /// Only a trial read makes it available: neither topology nor an IOMMU can be judged by looking.
    /// </summary>
    private PathCapability JudgePeer(NativeReadPath path, string[] needed, PeerTrial trial)
    {
        if (trial.Check.Outcome == CapabilityOutcome.Proven)
        {
            return new(path, true, null, trial.Check, trial.Check.Detail);
        }
        CapabilityCheck[] notOk =
        [
            .. needed.Where(id => !trial.WasTried || !s_gpu.Contains(id)).Select(Find)
                .Where(check => !check.IsOk),
        ];
        CapabilityCheck first =
            notOk.FirstOrDefault(check => check.Outcome != CapabilityOutcome.CannotTell)
                ?? notOk.FirstOrDefault() ?? trial.Check;
        return new(
            path, false, first, trial.Check,
            Explain(first) + (first == trial.Check ? "" : " " + trial.Check.Detail));
    }

    private static string Explain(CapabilityCheck check)
    {
        string start = check.Outcome == CapabilityOutcome.CannotTell ? "Could not be found out: " : "";
        return $"{start}{check.Title}: {check.Detail}" + (check.Advice.Length > 0 ? " " + check.Advice : "");
    }
}
