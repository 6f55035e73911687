using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// What can have a value: a local, a parameter, a field of the own type, or a compiler's temporary. One
/// instance per run, which keeps what would otherwise be asked of the symbol at each use.
/// </summary>
/// <param name="symbol">Null for a temporary.</param>
/// <param name="index">Its place in a <see cref="FlowState"/>.</param>
/// <param name="isTracked">It belongs to this very body, and no lambda and no local function sees it.</param>
/// <param name="onStack">The memory that it is itself; null for fields and temporaries.</param>
/// <param name="initial">What it has before the method wrote it; null when it has nothing then.</param>
internal sealed class Variable(
    ISymbol? symbol, int index, bool isTracked, MemoryObject? onStack, FlowValue? initial)
{
    public ISymbol? Symbol { get; } = symbol;

    public int Index { get; } = index;

    public bool IsTracked { get; } = isTracked;

    public MemoryObject? OnStack { get; } = onStack;

    public FlowValue? Initial { get; } = initial;

    /// <summary>The conditions that mention it, as in <see cref="Facts"/>.</summary>
    public ulong Conditions { get; set; }
}
