using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>Reads which bits an expression has, through constants, operators, branches and locals.</summary>
internal static class FlagReader
{
    // Locals can be chained, and with compound assignments even in a circle.
    private const int StepsMax = 8;

    public static FlagBits Read(IOperation value) => Read(value, StepsMax);

    private static FlagBits Read(IOperation value, int steps)
    {
        if (steps == 0)
        {
            return FlagBits.Unknown;
        }
        steps--;
        if (value.ConstantValue is { HasValue: true, Value: { } constant })
        {
            return OfConstant(constant);
        }
        switch (value)
        {
            case IDefaultValueOperation:
                return FlagBits.Exactly(0);
            case IConversionOperation { OperatorMethod: null } conversion:
                return Read(conversion.Operand, steps);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Or, OperatorMethod: null } both:
                return Read(both.LeftOperand, steps) | Read(both.RightOperand, steps);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.And, OperatorMethod: null } mask:
                return Read(mask.LeftOperand, steps) & Read(mask.RightOperand, steps);
            case IConditionalOperation { WhenFalse: { } whenFalse } choice:
                return Read(choice.WhenTrue, steps).Or(Read(whenFalse, steps));
            case ISwitchExpressionOperation { Arms: { IsEmpty: false } arms }:
                FlagBits any = Read(arms[0].Value, steps);
                for (int i = 1; i < arms.Length; i++)
                {
                    any = any.Or(Read(arms[i].Value, steps));
                }
                return any;
            case ILocalReferenceOperation { Local: { IsRef: false, IsFixed: false } local }:
                return OfLocal(local, value, steps);
            default:
                return FlagBits.Unknown;
        }
    }

    /// <summary>All that is ever written to the local, wherever in the method.</summary>
    private static FlagBits OfLocal(ILocalSymbol local, IOperation anywhereInMethod, int steps)
    {
        FlagBits? written = null;
        uint added = 0;
        bool isReduced = false;
        foreach (IOperation operation in LocalValue.Root(anywhereInMethod).Parts())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when Same(declarator.Symbol, local):
                    if (declarator.GetVariableInitializer()?.Value is { } initial)
                    {
                        written = Join(written, Read(initial, steps));
                    }
                    break;
                case ILocalReferenceOperation reference when Same(reference.Local, local):
                    switch (reference.Parent)
                    {
                        case ISimpleAssignmentOperation set when set.Target == reference:
                            written = Join(written, Read(set.Value, steps));
                            break;
                        case ICompoundAssignmentOperation change when change.Target == reference:
                            if (change.OperatorKind == BinaryOperatorKind.Or)
                            {
                                added |= Read(change.Value, steps).Possible;
                            }
                            else if (change.OperatorKind == BinaryOperatorKind.And)
                            {
                                isReduced = true;
                            }
                            else
                            {
                                return FlagBits.Unknown;
                            }
                            break;
                        default:
                            if (LocalWrites.MayWrite(reference))
                            {
                                return FlagBits.Unknown;
                            }
                            break;
                    }
                    break;
            }
        }
        return written is { } bits
            ? new FlagBits(isReduced ? 0 : bits.Certain, bits.Possible | added)
            : FlagBits.Unknown;
    }

    private static FlagBits Join(FlagBits? left, FlagBits right) => left is { } bits ? bits.Or(right) : right;

    private static FlagBits OfConstant(object constant) => constant switch
    {
        int number => FlagBits.Exactly(unchecked((uint)number)),
        uint number => FlagBits.Exactly(number),
        long number => FlagBits.Exactly(unchecked((uint)number)),
        ulong number => FlagBits.Exactly(unchecked((uint)number)),
        byte number => FlagBits.Exactly(number),
        ushort number => FlagBits.Exactly(number),
        _ => FlagBits.Unknown,
    };

    private static bool Same(ISymbol left, ISymbol right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
