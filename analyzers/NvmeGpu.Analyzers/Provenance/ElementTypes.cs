using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>What type of memory lies behind an address, as far as the method says it.</summary>
internal sealed class ElementTypes(KnownTypes known, ContractSymbols contracts)
{
    // Locals can be chained, and with lambdas even in a circle.
    private const int StepsMax = 32;

    /// <summary>The first unfit type on the way of the value, with the reason.</summary>
    public (ITypeSymbol Type, string Reason)? FirstUnfit(IOperation value, bool isByReference)
    {
        if (isByReference)
        {
            return value.Type is { } type && !DenotesMemory(type) ? Unfit(type) : null;
        }
        if (known.IsSpan(value.Type))
        {
            return value.Type is INamedTypeSymbol { TypeArguments: { Length: 1 } elements }
                ? Unfit(elements[0])
                : null;
        }
        bool isNull = value.WithoutConversions() is IDefaultValueOperation
            or { ConstantValue.HasValue: true };
        return isNull ? null : OfAddress(value);
    }

    private (ITypeSymbol Type, string Reason)? OfAddress(IOperation value)
    {
        bool isRead = false; // as another type, by a cast: then what the bytes mean is the program's decision
        for (int step = 0; step < StepsMax; step++)
        {
            if (IsPastHeader(value))
            {
                return null;
            }
            if (PointedAt(value) is { } type)
            {
                (ITypeSymbol Type, string Reason)? found = Unfit(type);
                if (found is { Reason: var reason } && (!isRead || reason == NativeLayout.References))
                {
                    return found;
                }
                isRead = true;
            }
            if (Before(value) is not { } before)
            {
                return null;
            }
            value = before;
        }
        return null;
    }

    /// <summary>The type behind a typed pointer, or behind a reference that becomes an address.</summary>
    private ITypeSymbol? PointedAt(IOperation value)
    {
        if (value.Type is IPointerTypeSymbol
            {
                PointedAtType: { SpecialType: not SpecialType.System_Void } type,
            })
        {
            return type;
        }
        return value is IInvocationOperation
        {
            TargetMethod: { TypeArguments: { Length: 1 } elements } method,
        }
            && ((method.Name == "AsPointer" && KnownTypes.Is(method.ContainingType, known.Unsafe))
                || (method.Name == "UnsafeAddrOfPinnedArrayElement"
                    && KnownTypes.Is(method.ContainingType, known.Marshal)))
            ? elements[0]
            : null;
    }

    /// <summary>The same address, one cast, addition or local earlier.</summary>
    private static IOperation? Before(IOperation value) => value switch
    {
        IConversionOperation { OperatorMethod: null } conversion => conversion.Operand,
        IConversionOperation conversion when IsNativeInteger(conversion.OperatorMethod.ContainingType) =>
            conversion.Operand,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } moved
            when IsAddress(moved.LeftOperand.Type) => moved.LeftOperand,
        ILocalReferenceOperation { Local: var local } => LocalValue.Of(local, value),
        _ => null,
    };

    private static (ITypeSymbol Type, string Reason)? Unfit(ITypeSymbol type) =>
        NativeLayout.UnfitReason(type) is { } reason ? (type, reason) : null;

    /// <summary>
    /// A struct given by reference that is no memory itself: it has an address, or owns what has one.
    /// </summary>
    private bool DenotesMemory(ITypeSymbol type, int depth = 3) =>
        known.IsMemory(type)
        || (type.IsReferenceType && type.SpecialType == SpecialType.None && type is not IArrayTypeSymbol)
        || type.GetMembers().Any(member => member switch
        {
            IPropertySymbol or IFieldSymbol
                when contracts.IsStable(member) || contracts.RegistrationOf(member) is not null => true,
            IFieldSymbol { IsStatic: false } field => depth > 0 && field.Type.SpecialType == SpecialType.None
                && DenotesMemory(field.Type, depth - 1),
            _ => false,
        });

    /// <summary><c>header + 1</c>: what lies behind one struct, of whatever type that is.</summary>
    private static bool IsPastHeader(IOperation value) => value is IBinaryOperation
    {
        OperatorKind: BinaryOperatorKind.Add,
        LeftOperand.Type: IPointerTypeSymbol { PointedAtType: { SpecialType: SpecialType.None } },
        RightOperand.ConstantValue: { HasValue: true, Value: 1 },
    };

    private static bool IsAddress(ITypeSymbol? type) => type is IPointerTypeSymbol || IsNativeInteger(type);

    private static bool IsNativeInteger(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };
}
