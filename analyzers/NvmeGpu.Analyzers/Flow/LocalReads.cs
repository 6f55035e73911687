using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// Which reads of a local may see the value that one assignment gave it. Where that cannot be told, all of
/// them.
/// </summary>
internal static class LocalReads
{
    private const int BlocksMax = 4096;

    /// <summary>Whether anything may read the value.</summary>
    public static bool MayFollow(ILocalSymbol local, IOperation value, Func<ControlFlowGraph?> graph) =>
        Of(local, value, graph) is not { Count: 0 };

    /// <summary>
    /// The reads, as syntax; null when the local is also reachable in a way that has no order (captured, by
    /// reference).
    /// </summary>
    public static HashSet<SyntaxNode>? Of(ILocalSymbol local, IOperation value, Func<ControlFlowGraph?> graph)
    {
        var all = new HashSet<SyntaxNode>();
        bool isWrittenAgain = false;
        IOperation? owner = FunctionAround(value);
        foreach (IOperation operation in LocalValue.Root(value).LocalUses())
        {
            if (operation is not ILocalReferenceOperation reference || !Same(reference.Local, local))
            {
                continue;
            }
            if (FunctionAround(reference) != owner || IsByReference(reference))
            {
                return null;
            }
            if (IsOnlyWritten(reference))
            {
                isWrittenAgain = true;
            }
            else
            {
                all.Add(reference.Syntax);
            }
        }
        // What the declaration gives it is all that it ever has. The graph of a lambda is another one;
        // without an order, every read counts.
        return all.Count == 0 || !isWrittenAgain || owner is not null || graph() is not { } flow
            ? all
            : Following(local, value.Syntax, flow, []) ?? all;
    }

    /// <summary>
    /// The assignments that may be the next one on a path; null when that cannot be told.
    /// </summary>
    public static HashSet<SyntaxNode>? NextWrites(
        ILocalSymbol local,
        IOperation value,
        Func<ControlFlowGraph?> graph)
    {
        var writes = new HashSet<SyntaxNode>();
        return FunctionAround(value) is null && graph() is { } flow
            && Following(local, value.Syntax, flow, writes) is not null
            ? writes
            : null;
    }

    /// <summary>The lambda or local function that an operation is in; null for the method itself.</summary>
    public static IOperation? FunctionAround(IOperation operation)
    {
        for (IOperation? outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return outer;
            }
        }
        return null;
    }

    /// <summary>
    /// Forward from the assignment, up to the next one. Null when the assignment is not found: it became
    /// part of a choice between values.
    /// </summary>
    private static HashSet<SyntaxNode>? Following(
        ILocalSymbol local,
        SyntaxNode value,
        ControlFlowGraph graph,
        HashSet<SyntaxNode> writes)
    {
        if (graph.Blocks.Length > BlocksMax || PlaceOf(local, value, graph) is not (var start, var index))
        {
            return null;
        }
        var reads = new HashSet<SyntaxNode>();
        // Handlers run after any operation of their try: what they read may see the value.
        foreach (BasicBlock block in graph.Blocks)
        {
            if (IsInHandler(block))
            {
                _ = Scan(block, 0, local, reads, null);
            }
        }
        var visited = new HashSet<BasicBlock>();
        var open = new Queue<BasicBlock>();
        if (Scan(start, index + 1, local, reads, writes))
        {
            Enqueue(start, open, visited);
        }
        while (open.Count > 0)
        {
            BasicBlock block = open.Dequeue();
            if (Scan(block, 0, local, reads, writes))
            {
                Enqueue(block, open, visited);
            }
        }
        return reads;
    }

    private static (BasicBlock Block, int Index)? PlaceOf(
        ILocalSymbol local,
        SyntaxNode value,
        ControlFlowGraph graph)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            for (int i = 0; i < block.Operations.Length; i++)
            {
                IOperation operation = block.Operations[i] is IExpressionStatementOperation statement
                    ? statement.Operation
                    : block.Operations[i];
                if (operation is ISimpleAssignmentOperation written
                    && written.Target is ILocalReferenceOperation target
                    && Same(target.Local, local)
                    && written.Value.Syntax.Span.Contains(value.Span))
                {
                    return (block, i);
                }
            }
        }
        return null;
    }

    /// <summary>
    /// False when the local got another value, so that the end of the block is not reached. Without
    /// <paramref name="writes"/>, writes do not end it.
    /// </summary>
    private static bool Scan(
        BasicBlock block,
        int from,
        ILocalSymbol local,
        HashSet<SyntaxNode> reads,
        HashSet<SyntaxNode>? writes)
    {
        int count = block.Operations.Length + (block.BranchValue is null ? 0 : 1);
        for (int i = from; i < count; i++)
        {
            IOperation operation = i < block.Operations.Length ? block.Operations[i] : block.BranchValue!;
            bool isWritten = false;
            foreach (ILocalReferenceOperation reference in operation.DescendantsAndSelf()
                .OfType<ILocalReferenceOperation>())
            {
                if (!Same(reference.Local, local))
                {
                    continue;
                }
                if (IsOnlyWritten(reference))
                {
                    isWritten = true;
                    writes?.Add(reference.Syntax);
                }
                else
                {
                    reads.Add(reference.Syntax);
                }
            }
            if (isWritten && writes is not null)
            {
                return false;
            }
        }
        return true;
    }

    private static void Enqueue(BasicBlock block, Queue<BasicBlock> open, HashSet<BasicBlock> visited)
    {
        foreach (ControlFlowBranch? branch in new[] { block.FallThroughSuccessor,
            block.ConditionalSuccessor })
        {
            if (branch?.Destination is { } next && visited.Add(next))
            {
                open.Enqueue(next);
            }
        }
    }

    private static bool IsInHandler(BasicBlock block)
    {
        for (ControlFlowRegion? region = block.EnclosingRegion.BelowRoot(); region is not null;
            region = region.EnclosingRegion.BelowRoot())
        {
            if (region.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.Finally
                or ControlFlowRegionKind.Filter or ControlFlowRegionKind.FilterAndHandler)
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsOnlyWritten(ILocalReferenceOperation reference) => reference.IsDeclaration
        || reference.Parent switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target == reference,
            IArgumentOperation argument => argument.Parameter?.RefKind == RefKind.Out,
            IDeclarationExpressionOperation => true,
            _ => false,
        };

    private static bool IsByReference(ILocalReferenceOperation reference) => reference.Parent switch
    {
        IAddressOfOperation => true,
        ISimpleAssignmentOperation { IsRef: true } assignment => assignment.Value == reference,
        IArgumentOperation argument => argument.Parameter?.RefKind is RefKind.Ref,
        IVariableInitializerOperation
        {
            Parent: IVariableDeclaratorOperation { Symbol.IsRef: true },
        } => true,
        _ => false,
    };

    private static bool Same(ISymbol left, ISymbol right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
