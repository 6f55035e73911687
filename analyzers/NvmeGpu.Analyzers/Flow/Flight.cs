using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What the kernel does with memory that it was given.</summary>
internal enum KernelAccess
{
    Unknown = 0,

    /// <summary>It reads (a write to a file, a send), so reading it here is fine.</summary>
    Reads,

    /// <summary>It writes, so reading it here is too early.</summary>
    Writes,

    /// <summary>It gives the value back unread.</summary>
    None,
}

/// <summary>
/// One hand-over of an address: the value in the source and what its contract says. One instance per place,
/// so that sets of them are finite.
/// </summary>
/// <param name="number">Its place in a <see cref="FlightSet"/>.</param>
internal sealed class Flight(SyntaxNode site, ISymbol target, Retention until, int number)
{
    public int Number { get; } = number;

    public SyntaxNode Site { get; } = site;

    /// <summary>The parameter or field that keeps the address.</summary>
    public ISymbol Target { get; } = target;

    public Retention Until { get; } = until;

    public KernelAccess Access { get; set; }

    /// <summary>Where in the object, in bytes; null when that is not constant.</summary>
    public long? OffsetBytes { get; set; }

    public long? LengthBytes { get; set; }

    /// <summary>The value may have been another object, too.</summary>
    public bool IsOneOfSeveral { get; set; }

    /// <summary>The value is a pin made in this method, so no contract of a parameter could help.</summary>
    public bool IsOfPin { get; set; }
}
