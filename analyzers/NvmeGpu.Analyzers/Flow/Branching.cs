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
        if (SaysThatSubmitFailed(condition, outcome, after))
        {
            after.EndAll();
        }
        return context.ConditionOf(condition) is not { } known || after.TryTake(known, outcome) ? after : null;
    }

    /// <summary>The value that the condition compares with null; the outcome becomes "is null".</summary>
    private static IOperation? TestedForNull(IOperation condition, ref bool outcome)
    {
        switch (condition)
        {
            case IIsNullOperation test:
                return test.Operand;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } test:
                IOperation? other = IsNull(test.RightOperand) ? test.LeftOperand
                    : IsNull(test.LeftOperand) ? test.RightOperand : null;
                if (other is not null && test.OperatorKind == BinaryOperatorKind.NotEquals)
                {
                    outcome = !outcome;
                }
                return other;
            case IIsPatternOperation { Pattern: IConstantPatternOperation pattern } test when IsNull(pattern.Value):
                return test.Value;
            case IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation pattern } }
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
        if (symbol is not null && context.IsTracked(symbol))
        {
            state.Bind(symbol, FlowValue.Null);
        }
    }

    /// <summary>`submitted &lt; 0` and the like: the kernel has nothing of what was queued.</summary>
    private static bool SaysThatSubmitFailed(IOperation condition, bool outcome, FlowState state)
    {
        if (condition is not IBinaryOperation binary || !IsSubmitResult(binary.LeftOperand, state))
        {
            return false;
        }
        return binary.OperatorKind switch
        {
            BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual
                or BinaryOperatorKind.NotEquals => outcome,
            BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual
                or BinaryOperatorKind.Equals => !outcome,
            _ => false,
        };
    }

    private static bool IsSubmitResult(IOperation operation, FlowState state) =>
        operation.WithoutConversions() switch
        {
            IInvocationOperation { TargetMethod: var method } => Library.IsSubmit(method),
            ILocalReferenceOperation { Local: var local } =>
                state.Values.TryGetValue(local, out FlowValue? value) && value.IsSubmitResult,
            IFlowCaptureReferenceOperation { Id: var id } =>
                state.Values.TryGetValue(id, out FlowValue? value) && value.IsSubmitResult,
            _ => false,
        };
}
