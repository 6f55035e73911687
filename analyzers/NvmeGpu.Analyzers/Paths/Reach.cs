using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>What can still run after some operation.</summary>
internal static class Reach
{
    /// <summary>
    /// Whether an operation of this kind stands on some path after <paramref name="from"/> (a loop may come
    /// round to one that stands before it), and none of the kind <paramref name="isEnd"/> before it. True
    /// also when <paramref name="from"/> cannot be found: nothing is known then.
    /// </summary>
    public static bool IsAnyAfter(
        ControlFlowGraph whole,
        SyntaxNode from,
        Func<IOperation, bool> isWanted,
        Func<IOperation, bool> isEnd)
    {
        foreach (ControlFlowGraph graph in FlowGraphs.AllOf(whole))
        {
            foreach (BasicBlock block in graph.Blocks)
            {
                bool isPassed = false;
                bool isEnded = false;
                foreach (IOperation operation in PartsOf(block))
                {
                    if (isPassed && isWanted(operation))
                    {
                        return true;
                    }
                    if (isPassed && isEnd(operation))
                    {
                        isEnded = true;
                        break;
                    }
                    isPassed |= operation.Syntax == from;
                }
                if (isPassed)
                {
                    return !isEnded && IsAnyBehind(graph, block, isWanted, isEnd);
                }
            }
        }
        return true;
    }

    private static bool IsAnyBehind(
        ControlFlowGraph graph,
        BasicBlock start,
        Func<IOperation, bool> isWanted,
        Func<IOperation, bool> isEnd)
    {
        var seen = new HashSet<int>();
        var waiting = new Stack<BasicBlock>();
        AddSuccessors(graph, start, waiting);
        while (waiting.Count > 0)
        {
            BasicBlock block = waiting.Pop();
            if (!seen.Add(block.Ordinal))
            {
                continue;
            }
            bool isEnded = false;
            foreach (IOperation operation in PartsOf(block))
            {
                if (isWanted(operation))
                {
                    return true;
                }
                if (isEnd(operation))
                {
                    isEnded = true;
                    break;
                }
            }
            if (!isEnded)
            {
                AddSuccessors(graph, block, waiting);
            }
        }
        return false;
    }

    private static IEnumerable<IOperation> PartsOf(BasicBlock block)
    {
        foreach (IOperation statement in FlowGraphs.OperationsOf(block))
        {
            foreach (IOperation operation in EvaluationOrder.Of(statement))
            {
                yield return operation;
            }
        }
    }

    private static void AddSuccessors(ControlFlowGraph graph, BasicBlock block, Stack<BasicBlock> waiting)
    {
        Add(block.FallThroughSuccessor);
        Add(block.ConditionalSuccessor);
        // Any handler and any finally region around it may run after it.
        ControlFlowRegion? region = block.EnclosingRegion.BelowRoot();
        for (; region is not null; region = region.EnclosingRegion.BelowRoot())
        {
            if (region.Kind is ControlFlowRegionKind.TryAndCatch or ControlFlowRegionKind.TryAndFinally)
            {
                foreach (ControlFlowRegion part in region.NestedRegions)
                {
                    if (part.Kind != ControlFlowRegionKind.Try)
                    {
                        waiting.Push(graph.Blocks[part.FirstBlockOrdinal]);
                    }
                }
            }
        }

        void Add(ControlFlowBranch? branch)
        {
            if (branch?.Destination is { } destination)
            {
                waiting.Push(destination);
            }
            else if (branch?.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling)
            {
                // Behind a finally region comes what stands behind its try region: anything, to us.
                for (int i = block.Ordinal + 1; i < graph.Blocks.Length; i++)
                {
                    waiting.Push(graph.Blocks[i]);
                }
            }
        }
    }
}
