using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>
/// All operations of a method in one list. Every rule looks over the whole of a method at least once, to find
/// out whether it has anything to do there: the tree is walked once for all of them. Most look for one kind
/// of operation only, of which there are few.
/// </summary>
internal static class Body
{
    // Lists that grow cost more than room that stays empty.
    private const int PartsUsual = 384;
    private const int OfOneSortUsual = 64;
    private const int DepthUsual = 32;

    // An operation never changes, and the compiler gives the same ones to all rules.
    private static readonly ConditionalWeakTable<IOperation, PartList> s_parts = new();

    /// <summary>The operation and all in it, each before its own parts, in the order of the source.</summary>
    public static ImmutableArray<IOperation> Parts(this IOperation operation) => ListOf(operation).All;

    /// <summary>Those of the parts that call a method, by its name or through a pointer.</summary>
    public static ImmutableArray<IOperation> Calls(this IOperation operation) =>
        ListOf(operation).Calls;

    /// <summary>Those that declare a local or refer to one.</summary>
    public static ImmutableArray<IOperation> LocalUses(this IOperation operation) =>
        ListOf(operation).LocalUses;

    /// <summary>Those that give a value away: to a parameter, or by a plain assignment.</summary>
    public static ImmutableArray<IOperation> Givings(this IOperation operation) =>
        ListOf(operation).Givings;

    private static PartList ListOf(IOperation operation) =>
        s_parts.GetValue(operation, static one => new PartList(one));

    private sealed class PartList
    {
        public PartList(IOperation root)
        {
            var all = new List<IOperation>(PartsUsual);
            var calls = new List<IOperation>(OfOneSortUsual);
            var localUses = new List<IOperation>(OfOneSortUsual);
            var givings = new List<IOperation>(OfOneSortUsual);
            // By hand, because a long chain of operators is a deep tree.
            var open = new IOperation.OperationList.Enumerator[DepthUsual];
            int depth = 0;
            for (IOperation? next = root; next is not null; next = Next(open, ref depth))
            {
                all.Add(next);
                switch (next.Kind)
                {
                    case OperationKind.Invocation or OperationKind.FunctionPointerInvocation:
                        calls.Add(next);
                        break;
                    case OperationKind.LocalReference or OperationKind.VariableDeclarator:
                        localUses.Add(next);
                        break;
                    case OperationKind.Argument or OperationKind.SimpleAssignment:
                        givings.Add(next);
                        break;
                }
                if (depth == open.Length)
                {
                    Array.Resize(ref open, 2 * depth);
                }
                open[depth++] = next.ChildOperations.GetEnumerator();
            }
            All = [.. all];
            Calls = [.. calls];
            LocalUses = [.. localUses];
            Givings = [.. givings];
        }

        public ImmutableArray<IOperation> All { get; }

        public ImmutableArray<IOperation> Calls { get; }

        public ImmutableArray<IOperation> LocalUses { get; }

        public ImmutableArray<IOperation> Givings { get; }

        private static IOperation? Next(IOperation.OperationList.Enumerator[] open, ref int depth)
        {
            for (; depth > 0; depth--)
            {
                if (open[depth - 1].MoveNext())
                {
                    return open[depth - 1].Current;
                }
            }
            return null;
        }
    }
}
