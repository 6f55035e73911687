using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>A method's graph and those of its lambdas and local functions: each is one of its own.</summary>
internal static class NestedGraphs
{
    private const int GraphsMax = 256;

    public static IEnumerable<ControlFlowGraph> Of(ControlFlowGraph method)
    {
        var open = new Queue<ControlFlowGraph>();
        open.Enqueue(method);
        for (int i = 0; open.Count > 0 && i < GraphsMax; i++)
        {
            ControlFlowGraph graph = open.Dequeue();
            yield return graph;
            foreach (IMethodSymbol function in graph.LocalFunctions)
            {
                open.Enqueue(graph.GetLocalFunctionControlFlowGraph(function));
            }
            foreach (IFlowAnonymousFunctionOperation lambda in graph.Blocks
                .SelectMany(block => block.BranchValue is { } value
                    ? block.Operations.Add(value) : block.Operations)
                .SelectMany(operation => operation.DescendantsAndSelf())
                .OfType<IFlowAnonymousFunctionOperation>())
            {
                open.Enqueue(graph.GetAnonymousFunctionControlFlowGraph(lambda));
            }
        }
    }
}
