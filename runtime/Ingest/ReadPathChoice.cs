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

    /// <summary>The path that was asked for; the one that needs no hardware when none was.</summary>
    /// <param name="asked">The path by name, or null.</param>
    /// <param name="memory">Where slots come from; null for host memory.</param>
    /// <exception cref="NotSupportedException">The path reads into peer memory only, and none was given; the
    /// probe says what this machine lacks.</exception>
    public static NativeReadPath Choose(NativeReadPath? asked, IPeerMemoryProvider? memory)
    {
        NativeReadPath path = asked ?? NativeReadPath.RegisteredMappedRead;
        return path != NativeReadPath.PeerDirectFileRead || memory is not null
            ? path
            : throw new NotSupportedException(
                $"The read path {path} is not available without memory of a device (IngestOptions.Memory): "
                + GpuDirectCapability.Probe().For(path).Reason);
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
}
