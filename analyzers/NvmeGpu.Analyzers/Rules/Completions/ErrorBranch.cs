using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>
/// Whether a result is read where it is known to be negative: in the branch of its own test, to tell the
/// error.
/// </summary>
internal static class ErrorBranch
{
    public static bool Contains(IOperation value)
    {
        string text = value.Syntax.ToString();
        IOperation inner = value;
        for (IOperation? outer = value.Parent; outer is not null; inner = outer, outer = outer.Parent)
        {
            if (outer is IConditionalOperation choice
                && ((inner == choice.WhenTrue && Tells(choice.Condition, text, isNegative: true))
                    || (inner == choice.WhenFalse && Tells(choice.Condition, text, isNegative: false))))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// A condition that is true only for a negative result, or false only for one.
    /// </summary>
    private static bool Tells(IOperation condition, string text, bool isNegative)
    {
        IOperation test = condition.WithoutConversions();
        return test switch
        {
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not =>
                Tells(not.Operand, text, !isNegative),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both when isNegative =>
                Tells(both.LeftOperand, text, true) || Tells(both.RightOperand, text, true),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either when !isNegative =>
                Tells(either.LeftOperand, text, false) || Tells(either.RightOperand, text, false),
            IBinaryOperation comparison => IsTest(comparison, text, isNegative),
            IPropertyReferenceOperation { Property.Name: "IsSuccess", Instance: { } completion } =>
                !isNegative
                    && text.StartsWith(completion.Syntax.ToString() + ".", System.StringComparison.Ordinal),
            _ => false,
        };
    }

    private static bool IsTest(IBinaryOperation comparison, string text, bool isNegative) =>
        (LengthNames.ConstantOf(comparison.RightOperand) == 0
            && comparison.LeftOperand.WithoutConversions().Syntax.ToString() == text
            && comparison.OperatorKind
                == (isNegative ? BinaryOperatorKind.LessThan : BinaryOperatorKind.GreaterThanOrEqual))
        || (LengthNames.ConstantOf(comparison.LeftOperand) == 0
            && comparison.RightOperand.WithoutConversions().Syntax.ToString() == text
            && comparison.OperatorKind
                == (isNegative ? BinaryOperatorKind.GreaterThan : BinaryOperatorKind.LessThanOrEqual));
}
