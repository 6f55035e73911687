using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>
/// All operations of a method in one list. Every rule looks over the whole of a method at least once, to find
/// out whether it has anything to do there: the tree is walked once for all of them.
/// </summary>
internal static class Body
{
    // An operation never changes, and the compiler gives the same ones to all rules.
    private static readonly ConditionalWeakTable<IOperation, PartList> s_parts = new();

    /// <summary>The operation and all in it, each before its own parts, in the order of the source.</summary>
    public static ImmutableArray<IOperation> Parts(this IOperation operation) =>
        s_parts.GetValue(operation, static one => new PartList(Collect(one))).Parts;

    private static ImmutableArray<IOperation> Collect(IOperation operation)
    {
        ImmutableArray<IOperation>.Builder parts = ImmutableArray.CreateBuilder<IOperation>();
        var open = new Stack<IOperation>();
        open.Push(operation);
        while (open.Count > 0)
        {
            IOperation one = open.Pop();
            parts.Add(one);
            foreach (IOperation child in one.ChildOperations.Reverse())
            {
                open.Push(child);
            }
        }
        return parts.ToImmutable();
    }

    private sealed class PartList(ImmutableArray<IOperation> parts)
    {
        public ImmutableArray<IOperation> Parts { get; } = parts;
    }
}
