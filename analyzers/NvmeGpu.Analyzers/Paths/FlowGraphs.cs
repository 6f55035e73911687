using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>The graph of a method and those of the lambdas and local functions in it.</summary>
internal static class FlowGraphs
{
    public static IEnumerable<ControlFlowGraph> AllOf(ControlFlowGraph graph)
    {
        bool hasLambdas = HasLambdas(graph);
        var waiting = new Stack<ControlFlowGraph>();
        waiting.Push(graph);
        while (waiting.Count > 0)
        {
            ControlFlowGraph next = waiting.Pop();
            yield return next;
            foreach (IMethodSymbol function in next.LocalFunctions)
            {
                waiting.Push(next.GetLocalFunctionControlFlowGraph(function));
            }
            if (!hasLambdas)
            {
                continue;
            }
            foreach (IFlowAnonymousFunctionOperation lambda in LambdasOf(next))
            {
                waiting.Push(next.GetAnonymousFunctionControlFlowGraph(lambda));
            }
        }
    }

    /// <summary>Most methods have none, and then nobody need look for them in every block.</summary>
    public static bool HasLambdas(ControlFlowGraph graph)
    {
        foreach (IOperation part in graph.OriginalOperation.Parts())
        {
            if (part.Kind == OperationKind.AnonymousFunction)
            {
                return true;
            }
        }
        return false;
    }

    public static IEnumerable<IFlowAnonymousFunctionOperation> LambdasOf(ControlFlowGraph graph)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in OperationsOf(block))
            {
                foreach (IOperation part in operation.DescendantsAndSelf())
                {
                    if (part is IFlowAnonymousFunctionOperation lambda)
                    {
                        yield return lambda;
                    }
                }
            }
        }
    }

    /// <summary>In the order in which they run; the last may be what the block branches on.</summary>
    public static IEnumerable<IOperation> OperationsOf(BasicBlock block)
    {
        foreach (IOperation operation in block.Operations)
        {
            yield return operation;
        }
        if (block.BranchValue is { } value)
        {
            yield return value;
        }
    }
}
