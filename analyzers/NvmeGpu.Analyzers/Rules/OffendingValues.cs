using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// Takes the branches of a value apart, so that a diagnostic points at the one that is wrong.
/// </summary>
internal static class OffendingValues
{
    public static IEnumerable<IOperation> BranchesOf(IOperation value)
    {
        IOperation inner = value;
        while (inner is IConversionOperation conversion)
        {
            inner = conversion.Operand;
        }
        switch (inner)
        {
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                foreach (IOperation branch in BranchesOf(conditional.WhenTrue))
                {
                    yield return branch;
                }
                foreach (IOperation branch in BranchesOf(whenFalse))
                {
                    yield return branch;
                }
                break;
            case ISwitchExpressionOperation choice:
                foreach (ISwitchExpressionArmOperation arm in choice.Arms)
                {
                    foreach (IOperation branch in BranchesOf(arm.Value))
                    {
                        yield return branch;
                    }
                }
                break;
            default:
                yield return value;
                break;
        }
    }
}
