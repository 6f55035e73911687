using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// The rounds of a loop, from its head to the blocks that lead back to it. What each of them releases is gone
/// in the second round; that there is one is believed only of loops whose end has nothing to do with what
/// they do: those that count, walk over a collection, ask for a result, or never end.
/// </summary>
internal sealed class Round
{
    /// <summary>Comparing with less than this may be a way to write a loop that has one round.</summary>
    private const int RoundsMin = 2;

    private const int ConditionDepthMax = 8;

    private readonly ControlFlowGraph _graph;
    private readonly int _head;
    private readonly ImmutableArray<int> _ends;
    private readonly HashSet<int> _blocks;

    private Round(ControlFlowGraph graph, int head, ImmutableArray<int> ends, HashSet<int> blocks)
    {
        _graph = graph;
        _head = head;
        _ends = ends;
        _blocks = blocks;
    }

    /// <summary>Null when a second round is not certain to be possible.</summary>
    public static Round? TryFind(ControlFlowGraph graph, int head, ImmutableArray<int> ends)
    {
        var round = new Round(graph, head, ends, [head]);
        return round.TryCollect() && round.EndsByItself() ? round : null;
    }

    /// <summary>No round gets to its end without this block.</summary>
    public bool AlwaysPasses(int block)
    {
        if (block == _head || !_blocks.Contains(block))
        {
            return block == _head;
        }
        var seen = new HashSet<int> { _head, block };
        var open = new Stack<int>([_head]);
        while (open.Count > 0)
        {
            int one = open.Pop();
            if (_ends.Contains(one))
            {
                return false;
            }
            foreach (BasicBlock next in Successors(_graph.Blocks[one]))
            {
                if (_blocks.Contains(next.Ordinal) && seen.Add(next.Ordinal))
                {
                    open.Push(next.Ordinal);
                }
            }
        }
        return true;
    }

    /// <summary>
    /// Backwards from the ends to the head. A round that goes through a handler has no way there that the
    /// graph shows.
    /// </summary>
    private bool TryCollect()
    {
        var open = new Stack<int>(_ends);
        while (open.Count > 0)
        {
            int one = open.Pop();
            if (!_blocks.Add(one))
            {
                continue;
            }
            if (_graph.Blocks[one].Predecessors.IsEmpty)
            {
                return false;
            }
            foreach (ControlFlowBranch branch in _graph.Blocks[one].Predecessors)
            {
                open.Push(branch.Source.Ordinal);
            }
        }
        return true;
    }

    private bool EndsByItself()
    {
        foreach (int ordinal in _blocks)
        {
            BasicBlock block = _graph.Blocks[ordinal];
            foreach (BasicBlock next in Successors(block))
            {
                if (!_blocks.Contains(next.Ordinal)
                    && (block.ConditionalSuccessor is null
                        || !IsUnmoved(block.BranchValue!, ConditionDepthMax)))
                {
                    return false;
                }
            }
        }
        return true;
    }

    /// <summary>The condition says the same in the first round as in any other, as far as one can
    /// see.</summary>
    private bool IsUnmoved(IOperation condition, int depth)
    {
        switch (condition)
        {
            case { ConstantValue.HasValue: true }:
            case IParameterReferenceOperation { Parameter: var parameter } when !IsSet(parameter):
            case ILocalReferenceOperation { Local: { IsRef: false } local } when !IsSet(local):
            case IInvocationOperation { TargetMethod: { Name: "MoveNext", Parameters.IsEmpty: true } }:
            case IPropertyReferenceOperation
            {
                Property.Name: "Length", Instance: ILocalReferenceOperation
                or IParameterReferenceOperation
            }:
                return true;
            case IBinaryOperation
            {
                LeftOperand: var left,
                RightOperand: { ConstantValue.HasValue: true } right
            } test
                when test.Type?.SpecialType == SpecialType.System_Boolean:
                return IsUnmoved(left, depth - 1) && MayRepeat(test.OperatorKind, left, right);
            case IBinaryOperation or IUnaryOperation or IConversionOperation or IIncrementOrDecrementOperation
                when depth > 0:
                foreach (IOperation child in condition.ChildOperations)
                {
                    if (!IsUnmoved(child, depth - 1))
                    {
                        return false;
                    }
                }
                return true;
            default:
                return false;
        }
    }

    /// <summary>A local that starts as a constant is compared with one: it may be told how often.</summary>
    private bool MayRepeat(BinaryOperatorKind kind, IOperation left, IOperation right)
    {
        foreach (IOperation part in left.DescendantsAndSelf())
        {
            if (part is ILocalReferenceOperation { Local: var local } && StartsAsConstant(local))
            {
                return kind is BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual
                    && RegionIdentity.ConstantOf(right) >= RoundsMin;
            }
        }
        return true;
    }

    private bool StartsAsConstant(ISymbol local)
    {
        foreach (BasicBlock block in _graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (AssignmentTo(local, operation) is { Value.ConstantValue.HasValue: true })
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>
    /// Something in the loop gives it a value that may end the loop at will. Counting does not, nor does the
    /// result of a call.
    /// </summary>
    private bool IsSet(ISymbol symbol)
    {
        foreach (int ordinal in _blocks)
        {
            foreach (IOperation operation in _graph.Blocks[ordinal].Operations)
            {
                foreach (IOperation part in operation.DescendantsAndSelf())
                {
                    if (IsReferenceTo(symbol, part) && part.Parent switch
                    {
                        IIncrementOrDecrementOperation => false,
                        ICompoundAssignmentOperation compound => compound.Target == part
                            && compound.OperatorKind is not (BinaryOperatorKind.Add
                                or BinaryOperatorKind.Subtract),
                        ISimpleAssignmentOperation assignment when assignment.Target == part =>
                            assignment.Value.WithoutConversions() is not (IInvocationOperation
                                or IAwaitOperation),
                        IAddressOfOperation or ITupleOperation => true,
                        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
                        _ => false,
                    })
                    {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static ISimpleAssignmentOperation? AssignmentTo(ISymbol local, IOperation operation) =>
        (operation is IExpressionStatementOperation statement ? statement.Operation : operation)
            is ISimpleAssignmentOperation assignment && IsReferenceTo(local, assignment.Target)
            ? assignment : null;

    private static bool IsReferenceTo(ISymbol symbol, IOperation operation) => operation switch
    {
        ILocalReferenceOperation { Local: var local } => SymbolEqualityComparer.Default.Equals(local, symbol),
        IParameterReferenceOperation { Parameter: var parameter } =>
            SymbolEqualityComparer.Default.Equals(parameter, symbol),
        _ => false,
    };

    private static IEnumerable<BasicBlock> Successors(BasicBlock block)
    {
        if (block.ConditionalSuccessor?.Destination is { } conditional)
        {
            yield return conditional;
        }
        if (block.FallThroughSuccessor?.Destination is { } next)
        {
            yield return next;
        }
    }
}
