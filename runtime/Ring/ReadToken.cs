#nullable enable
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// One submitted operation. It must be observed: its memory belongs to the kernel until the
/// <see cref="Completion"/> with an equal token was reaped.
/// </summary>
[OperationToken]
readonly partial record struct ReadToken
{
    internal ReadToken(int index, uint generation)
    {
        Index = index;
        Generation = generation;
    }

    /// <summary>
    /// 0 to <see cref="IoUringOptions.DepthMax"/> - 1, unique among the operations in flight: an index for an
    /// array of the caller's own state per operation.
    /// </summary>
    public int Index { get; }

    /// <summary>Tells apart operations that had the same <see cref="Index"/> one after the other.</summary>
    internal uint Generation { get; }
}
