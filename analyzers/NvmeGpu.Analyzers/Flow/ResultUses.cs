using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>Follows the value of a call to where it is dropped.</summary>
internal static class ResultUses
{
    /// <param name="value">The call.</param>
    /// <param name="graph">Of the method around it; asked for only when a local has the value.</param>
    public static ResultFate FateOf(IOperation value, Func<ControlFlowGraph?> graph)
    {
        IOperation top = Outermost(value);
        switch (top.Parent)
        {
            // `() => ring.Submit()` as an Action has nobody to give the result to, and is the shape of a test
            // that expects an exception.
            case IExpressionStatementOperation statement:
                return IsBodyOfLambda(statement) ? ResultFate.Used : ResultFate.Statement;
            case ISimpleAssignmentOperation { Target: IDiscardOperation } assignment
                when assignment.Value == top:
                return assignment.Parent is IExpressionStatementOperation
                    ? ResultFate.Discarded
                    : ResultFate.Used;
            default:
                return LocalOf(top) is { } local ? FateIn(local, value, graph) : ResultFate.Used;
        }
    }

    /// <summary>The whole expression that only hands the value on: conversions, and <c>?.</c>.</summary>
    public static IOperation Outermost(IOperation value)
    {
        IOperation top = value;
        while (true)
        {
            switch (top.Parent)
            {
                case IConversionOperation conversion:
                    top = conversion;
                    break;
                case IConditionalAccessOperation access when access.WhenNotNull == top:
                    top = access;
                    break;
                default:
                    return top;
            }
        }
    }

    /// <summary>The local that gets the value, and nothing else does.</summary>
    public static ILocalSymbol? LocalOf(IOperation top) => top.Parent switch
    {
        IVariableInitializerOperation
        {
            Parent: IVariableDeclaratorOperation { Symbol: { IsUsing: false, IsRef: false } local },
        } => local,
        ISimpleAssignmentOperation
        {
            IsRef: false,
            Target: ILocalReferenceOperation { Local: { IsRef: false } local },
            Parent: IExpressionStatementOperation,
        } assignment when assignment.Value == top => local,
        _ => null,
    };

    private static ResultFate FateIn(ILocalSymbol local, IOperation value, Func<ControlFlowGraph?> graph)
    {
        if (local.Name == "_")
        {
            return ResultFate.Discarded;
        }
        return LocalReads.MayFollow(local, value, graph) ? ResultFate.Used : ResultFate.Unread;
    }

    private static bool IsBodyOfLambda(IExpressionStatementOperation statement) =>
        statement.IsImplicit
        && statement.Parent is IBlockOperation { Parent: IAnonymousFunctionOperation };
}
