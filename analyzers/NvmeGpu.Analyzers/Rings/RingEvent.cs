using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>What an expression does with a ring that only one thread may use.</summary>
internal enum RingEventKind
{
    /// <summary>A value is assigned whose thread is not known, or that has none yet.</summary>
    Assigned,

    /// <summary>Made for the thread that runs this.</summary>
    Made,

    /// <summary>
    /// A call that must come from the ring's thread, and makes a ring without one this thread's.
    /// </summary>
    Used,

    /// <summary>A call that must come from the ring's thread, but works on a ring without one.</summary>
    UsedUnbound,
}

internal readonly struct RingEvent(RingEventKind kind, ISymbol ring)
{
    public RingEventKind Kind { get; } = kind;

    public ISymbol Ring { get; } = ring;
}
