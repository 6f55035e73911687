using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Flow;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>Finds out what becomes of a completion's result, through the local that it is copied
/// into.</summary>
internal static class ResultReader
{
    private const int CopiesMax = 4;

    public static IEnumerable<ResultReading> UsesOf(IOperation read, Func<ControlFlowGraph?> graph) =>
        UsesOf(read, read, graph, 0);

    private static IEnumerable<ResultReading> UsesOf(
        IOperation read,
        IOperation value,
        Func<ControlFlowGraph?> graph,
        int copies)
    {
        IOperation top = ResultUses.Outermost(value);
        if (ResultUses.LocalOf(top) is { } local && copies < CopiesMax)
        {
            if (LocalReads.Of(local, value, graph) is not { } reads)
            {
                yield return new ResultReading(read, read, ResultUse.Other);
                yield break;
            }
            foreach (ILocalReferenceOperation reference in LocalValue.Root(value).LocalUses()
                .OfType<ILocalReferenceOperation>())
            {
                if (reads.Contains(reference.Syntax))
                {
                    foreach (ResultReading use in UsesOf(read, reference, graph, copies + 1))
                    {
                        yield return use;
                    }
                }
            }
            yield break;
        }
        (IOperation comparison, ResultUse kind) = Classify(value, top);
        yield return new ResultReading(
            read, comparison, ErrorBranch.Contains(value) ? ResultUse.Error : kind);
    }

    private static (IOperation Comparison, ResultUse Use) Classify(IOperation value, IOperation top)
    {
        switch (top.Parent)
        {
            case IBinaryOperation { Type.SpecialType: SpecialType.System_Boolean } comparison:
                return (comparison, OfComparison(comparison, comparison.LeftOperand == top));
            case IIsPatternOperation test when test.Value == top:
                return (test, OfPattern(test.Pattern));
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus }:
                return (value, ResultUse.Error);
            case IBinaryOperation sum:
                return (value, IsSum(sum.OperatorKind, sum.Type) && !OtherOf(sum, top).ConstantValue.HasValue
                    ? ResultUse.Count
                    : ResultUse.Other);
            case ICompoundAssignmentOperation sum when sum.Value == top:
                return (value, IsSum(sum.OperatorKind, sum.Type) ? ResultUse.Count : ResultUse.Other);
            case IArgumentOperation { Parameter: { } parameter }
                when parameter.IsInSystem() && LengthNames.IsLength(parameter.Name):
                return (value, ResultUse.Count);
            case IReturnOperation:
                return (value, LengthNames.IsCast(top) && LengthNames.IsReturnedAsBytes(top)
                    ? ResultUse.Count
                    : ResultUse.Other);
            default:
                return (value, ResultUse.Other);
        }
    }

    private static ResultUse OfComparison(IBinaryOperation comparison, bool isLeft)
    {
        IOperation other = isLeft ? comparison.RightOperand : comparison.LeftOperand;
        if (LengthNames.ConstantOf(other) is { } constant && constant <= 0)
        {
            return constant < 0 ? ResultUse.Error : OfOperator(Turned(comparison.OperatorKind, isLeft));
        }
        return LengthNames.IsLength(other) ? ResultUse.Count : ResultUse.Other;
    }

    private static ResultUse OfPattern(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation constant => LengthNames.ConstantOf(constant.Value) switch
        {
            0 => ResultUse.Zero,
            < 0 => ResultUse.Error,
            _ => ResultUse.Other,
        },
        IRelationalPatternOperation relation when LengthNames.ConstantOf(relation.Value) == 0 =>
            OfOperator(relation.OperatorKind),
        INegatedPatternOperation negated => OfPattern(negated.Pattern),
        _ => ResultUse.Other,
    };

    private static ResultUse OfOperator(BinaryOperatorKind comparison) => comparison switch
    {
        BinaryOperatorKind.LessThan or BinaryOperatorKind.GreaterThanOrEqual => ResultUse.Sign,
        BinaryOperatorKind.GreaterThan or BinaryOperatorKind.LessThanOrEqual => ResultUse.Positive,
        BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals => ResultUse.Zero,
        _ => ResultUse.Other,
    };

    /// <summary>As if the result stood on the left.</summary>
    private static BinaryOperatorKind Turned(BinaryOperatorKind comparison, bool isLeft) => isLeft
        ? comparison
        : comparison switch
        {
            BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
            BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
            BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
            BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
            _ => comparison,
        };

    private static bool IsSum(BinaryOperatorKind kind, ITypeSymbol? type) =>
        kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply
        && type is { SpecialType: not SpecialType.System_String and not SpecialType.System_Object };

    private static IOperation OtherOf(IBinaryOperation binary, IOperation one) =>
        binary.LeftOperand == one ? binary.RightOperand : binary.LeftOperand;
}
