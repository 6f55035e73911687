using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What the outcome of a condition says about the state behind it.</summary>
internal sealed class Branching(FlowContext context)
{
    /// <summary>Null when nothing can lead there.</summary>
    public FlowState? After(FlowState state, IOperation condition, bool outcome, Transfer transfer)
    {
        FlowState after = state.Copy();
        after.Branch();
        while (condition is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not)
        {
            condition = not.Operand;
            outcome = !outcome;
        }
        if (TestedForNull(condition, ref outcome) is { } tested)
        {
            if (outcome)
            {
                DropAbsent(after, tested, transfer);
            }
            return after;
        }
        return context.ConditionOf(condition) is not { } known || after.TryTake(known, outcome)
            ? after : null;
    }

    /// <summary>The value that the condition compares with null; the outcome becomes "is null".</summary>
    private static IOperation? TestedForNull(IOperation condition, ref bool outcome)
    {
        switch (condition)
        {
            case IIsNullOperation test:
                return test.Operand;
            case IBinaryOperation
            {
                OperatorKind: BinaryOperatorKind.Equals
                or BinaryOperatorKind.NotEquals
            } test:
                IOperation? other = IsNull(test.RightOperand) ? test.LeftOperand
                    : IsNull(test.LeftOperand) ? test.RightOperand : null;
                if (other is not null && test.OperatorKind == BinaryOperatorKind.NotEquals)
                {
                    outcome = !outcome;
                }
                return other;
            case IIsPatternOperation { Pattern: IConstantPatternOperation pattern } test
                when IsNull(pattern.Value):
                return test.Value;
            case IIsPatternOperation
            {
                Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation pattern },
            }
                test when IsNull(pattern.Value):
                outcome = !outcome;
                return test.Value;
            default:
                return null;
        }
    }

    private static bool IsNull(IOperation operation) => operation.WithoutConversions() switch
    {
        { ConstantValue: { HasValue: true, Value: null } } => true,
        IDefaultValueOperation { Type: IPointerTypeSymbol or { IsReferenceType: true } } => true,
        { ConstantValue: { HasValue: true, Value: 0 }, Parent.Type: IPointerTypeSymbol } => true,
        _ => false,
    };

    /// <summary>On this path there is no such memory.</summary>
    private void DropAbsent(FlowState state, IOperation tested, Transfer transfer)
    {
        FlowValue value = transfer.ValueOfReference(tested.WithoutConversions());
        foreach (Alternative one in value.Alternatives)
        {
            foreach (MemoryObject memory in one.Objects)
            {
                if (!memory.IsOnStack)
                {
                    state.Remove(memory);
                }
            }
        }
        ISymbol? symbol = tested.WithoutConversions() switch
        {
            ILocalReferenceOperation { Local: var local } => local,
            IParameterReferenceOperation { Parameter: var parameter } => parameter,
            _ => null,
        };
        if (symbol is not null && context.VariableOf(symbol) is { IsTracked: true } variable)
        {
            state.Bind(variable, FlowValue.Null);
        }
    }
}
