using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>The parts of an operation in the order in which they are evaluated: operands before it.</summary>
internal static class EvaluationOrder
{
    public static IEnumerable<IOperation> Of(IOperation operation)
    {
        // By hand, because a long chain of operators is a deep tree.
        var waiting = new Stack<(IOperation Operation, bool IsDone)>();
        waiting.Push((operation, false));
        while (waiting.Count > 0)
        {
            (IOperation next, bool isDone) = waiting.Pop();
            if (isDone)
            {
                yield return next;
                continue;
            }
            waiting.Push((next, true));
            var children = new List<IOperation>(next.ChildOperations);
            for (int i = children.Count - 1; i >= 0; i--)
            {
                waiting.Push((children[i], false));
            }
        }
    }
}
