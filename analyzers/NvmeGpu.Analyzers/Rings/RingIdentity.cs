using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>Which ring an expression means: the variable that holds it.</summary>
internal static class RingIdentity
{
    private const int StepsMax = 8;

    /// <summary>
    /// The local, the parameter, or the field of this object (or static field) behind <c>&amp;ring</c>,
    /// <c>ring</c>, casts and locals that are another name for it; null for anything else.
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
                case IAddressOfOperation address:
                    value = address.Reference;
                    break;
                case IConditionalAccessInstanceOperation:
                    value = Accessed(value);
                    break;
                case IParameterReferenceOperation { Parameter: var parameter }:
                    return parameter;
                case IFieldReferenceOperation
                {
                    Instance: null or IInstanceReferenceOperation,
                    Field: var field,
                }:
                    return field;
                case ILocalReferenceOperation { Local: var local }:
                    if (LocalValue.Of(local, value)?.WithoutConversions() is not { } only
                        || only is not (IAddressOfOperation or ILocalReferenceOperation
                            or IParameterReferenceOperation or IFieldReferenceOperation))
                    {
                        return local;
                    }
                    value = only;
                    break;
                default:
                    return null;
            }
        }
        return null;
    }

    /// <summary>The <c>ring</c> of <c>ring?.Submit()</c>.</summary>
    private static IOperation? Accessed(IOperation instance)
    {
        IOperation inner = instance;
        while (inner.Parent is { } outer)
        {
            if (outer is IConditionalAccessOperation access && access.WhenNotNull == inner)
            {
                return access.Operation;
            }
            inner = outer;
        }
        return null;
    }

    /// <summary>NvmeGpu.IoUring, of whichever assembly.</summary>
    public static bool IsOwnedRing(ITypeSymbol? type) => IsOurs(type, "IoUring");

    public static bool IsOurs(ITypeSymbol? type, string name) =>
        type is
        {
            ContainingType: null,
            ContainingNamespace: { Name: "NvmeGpu", ContainingNamespace.IsGlobalNamespace: true },
        }
        && type.Name == name;
}
