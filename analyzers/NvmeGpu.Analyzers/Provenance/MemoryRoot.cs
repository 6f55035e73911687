using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>The variable that an address begins at: the one whose content is freed.</summary>
internal static class MemoryRoot
{
    private const int StepsMax = 24;

    /// <summary>
    /// The local, the parameter or the field of this object behind casts, arithmetic, elements, handles
    /// (<c>pin.AddrOfPinnedObject()</c>) and locals that are another name for it; null for anything else.
    /// </summary>
    public static ISymbol? Of(IOperation? value)
    {
        for (int steps = StepsMax; steps > 0 && value is not null; steps--)
        {
            switch (value)
            {
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IBinaryOperation
                {
                    OperatorKind: BinaryOperatorKind.Add
                    or BinaryOperatorKind.Subtract
                } offset:
                    value = offset.LeftOperand;
                    break;
                case IAddressOfOperation address:
                    value = address.Reference;
                    break;
                case IParameterReferenceOperation { Parameter: var parameter }:
                    return parameter;
                case IFieldReferenceOperation
                {
                    Instance: null or IInstanceReferenceOperation,
                    Field: var field,
                }:
                    return field;
                case IFieldReferenceOperation { Instance: { } instance }:
                    value = instance;
                    break;
                case IPropertyReferenceOperation
                {
                    Instance: { } instance,
                    Property.Name: "Pointer" or "Address",
                }:
                    value = instance;
                    break;
                case IInvocationOperation
                {
                    Instance: { } instance,
                    TargetMethod.Name: "AddrOfPinnedObject" or "GetAddressOfObjectData" or "ToPointer"
                        or "DangerousGetHandle",
                }:
                    value = instance;
                    break;
                case ILocalReferenceOperation { Local: var local }:
                    if (LocalValue.Of(local, value) is not { } only || !IsAnotherName(only))
                    {
                        return local;
                    }
                    value = only;
                    break;
                case { Kind: OperationKind.None }: // `*p`, `p[i]`
                    value = value.ChildOperations.FirstOrDefault();
                    break;
                default:
                    return null;
            }
        }
        return null;
    }

    /// <summary>Ends at a variable, too, and not at the expression that allocates.</summary>
    private static bool IsAnotherName(IOperation value)
    {
        IOperation inner = value.WithoutConversions();
        while (inner is IBinaryOperation or IAddressOfOperation
            or IFieldReferenceOperation { Instance: not null and not IInstanceReferenceOperation })
        {
            inner = inner.ChildOperations.First().WithoutConversions();
        }
        return inner is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
            or IInvocationOperation
        {
            Instance: not null, TargetMethod.Name: "AddrOfPinnedObject"
                or "GetAddressOfObjectData" or "ToPointer"
        }
            or IPropertyReferenceOperation { Instance: not null, Property.Name: "Pointer" };
    }
}
