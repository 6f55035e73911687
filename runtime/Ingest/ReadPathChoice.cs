#nullable enable
using System;

namespace NvmeGpu;

/// <summary>Which path a driver takes, and why.</summary>
static partial class ReadPathChoice
{
    // What a path asks of the memory, the best first: registered once, or looked up for each read.
    private static readonly (PeerMemoryAccess Registered, PeerMemoryAccess Attached)[] s_accessByPath =
    [
        /* RegisteredMappedRead     */ (PeerMemoryAccess.ReadFixed, PeerMemoryAccess.None),
        /* GpuDirectNvmePassthrough */ (PeerMemoryAccess.PassthroughFixed, PeerMemoryAccess.Passthrough),
        /* PeerDirectFileRead       */ (PeerMemoryAccess.None, PeerMemoryAccess.OrdinaryRead),
    ];

    /// <summary>
    /// The path and the memory that were asked for. What was left open is decided by a trial read of what
    /// will be read, into the memory of other drives; else by what needs no hardware.
    /// </summary>
    /// <exception cref="NotSupportedException">The path reads into peer memory only, and there is none that a
    /// trial read has proven: with what this machine lacks.</exception>
    public static ReadPathPlan Plan(in IngestOptions options) => Plan(options, TryForReal);

    /// <summary>The same with other trial reads: for tests.</summary>
    internal static ReadPathPlan Plan(
        in IngestOptions options, Func<NativeReadPath, ProbeTarget, PeerTrial> tryPeer)
    {
        NativeReadPath? asked = options.ReadPath;
        if (options.Memory is { } given)
        {
            return new(asked ?? NativeReadPath.RegisteredMappedRead, given);
        }
        if (asked == NativeReadPath.RegisteredMappedRead
            || (options.Target is null && asked != NativeReadPath.PeerDirectFileRead))
        {
            return new(asked ?? NativeReadPath.RegisteredMappedRead, HostMemoryProvider.Shared);
        }
        ProbeTarget target = ProbeTarget.Look(options.Target);
        bool isNamespace = target.Kind == ProbeTargetKind.CharDevice
            && NamespaceLookup.Find(ProbeEnvironment.Real, target, out _) is not null;
        NativeReadPath path = asked ?? (isNamespace
            ? NativeReadPath.GpuDirectNvmePassthrough
            : NativeReadPath.PeerDirectFileRead);
        PeerTrial trial = tryPeer(path, target);
        string how = asked is null ? "auto" : "as asked";
        if (trial.Memory is { } proven)
        {
            bool isPeerOnly = asked == NativeReadPath.PeerDirectFileRead; // by name
            return new(path, proven, $"{how}; {trial.Check.Detail}", MayFallBack: !isPeerOnly);
        }
        string why = $"no other device's memory is proven: {trial.Check.Detail}";
        return path == NativeReadPath.GpuDirectNvmePassthrough
                ? new(path, HostMemoryProvider.Shared, $"{how}, into registered host memory; {why}")
            : asked is null
                ? new(
                    NativeReadPath.RegisteredMappedRead, HostMemoryProvider.Shared,
                    $"auto: the slots are host memory; {why}")
            : throw new NotSupportedException(
                $"The read path {path} is not available here, without memory of a device that is given or "
                + $"proven: {GpuDirectCapability.Probe(options.Target).For(path).Reason}");
    }

    /// <summary>The plan when the memory that was chosen has no room.</summary>
    public static ReadPathPlan WithoutRoom(in ReadPathPlan plan, NativeReadPath? asked, string refusal)
    {
        string reason = (asked is null ? "auto" : "as asked")
            + $", into host memory, because the other device's has no room for the slots: {refusal}";
        return plan.Path == NativeReadPath.GpuDirectNvmePassthrough
            ? new(plan.Path, HostMemoryProvider.Shared, reason)
            : new(NativeReadPath.RegisteredMappedRead, HostMemoryProvider.Shared, reason);
    }

    /// <summary>A look-up: what the slots' memory is good for decides whether it is registered.</summary>
    /// <returns>True to register, false to attach.</returns>
    /// <exception cref="NotSupportedException">The path does not read into such memory.</exception>
    public static bool IsRegistered(NativeReadPath path, PeerMemoryKind kind)
    {
        (PeerMemoryAccess registered, PeerMemoryAccess attached) = s_accessByPath[(int)path];
        PeerMemoryAccess access = PeerMemoryTable.Of(kind);
        bool isPointless =
            path == NativeReadPath.PeerDirectFileRead && kind == PeerMemoryKind.HostMapped;
        return registered != PeerMemoryAccess.None && (access & registered) != 0 ? true
            : attached != PeerMemoryAccess.None && (access & attached) != 0 && !isPointless ? false
            : throw new NotSupportedException(WhyNot(path, kind));
    }

    /// <summary>In one sentence.</summary>
    public static string ReasonOf(NativeReadPath? asked, NativeReadPath path, PeerMemoryKind kind) =>
        asked is null
            ? "auto: the slots are host memory, which registered reads serve on every filesystem"
            : path == NativeReadPath.GpuDirectNvmePassthrough
                ? IsRegistered(path, kind)
                    ? "as asked; the slots are registered host memory"
                    : "as asked; the slots are another device's memory"
                : path == NativeReadPath.PeerDirectFileRead
                    ? "as asked; files are read with O_DIRECT into another device's memory"
                    : "as asked";

    private static string WhyNot(NativeReadPath path, PeerMemoryKind kind) => (path, kind) switch
    {
        (NativeReadPath.RegisteredMappedRead, PeerMemoryKind.P2PdmaPages) =>
            $"The read path {path} does not read into another device's memory, which the kernel never "
            + $"registers: ask for {NativeReadPath.GpuDirectNvmePassthrough} or "
            + $"{NativeReadPath.PeerDirectFileRead} by name.",
        (NativeReadPath.PeerDirectFileRead, PeerMemoryKind.HostMapped) =>
            $"The read path {path} reads into another device's memory, and this is host memory: "
            + $"{NativeReadPath.RegisteredMappedRead} with DirectIo does the same faster.",
        _ => $"The read path {path} does not read into memory of kind {kind}.",
    };

    private static PeerTrial TryForReal(NativeReadPath path, ProbeTarget target)
    {
        ProbeEnvironment environment = ProbeEnvironment.Real;
        BlockDevice? disk = NvmeDeviceChecks.DiskBehind(environment, target);
        // What io_uring lacks, the ring of the trial finds out.
        return path == NativeReadPath.GpuDirectNvmePassthrough
            ? PeerTrialChecks.Passthrough(environment, target, disk, canCommand: true)
            : PeerTrialChecks.DirectRead(environment, target, disk, hasRing: true);
    }
}
