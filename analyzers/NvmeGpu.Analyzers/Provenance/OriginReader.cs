using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// Reads where an address comes from, backwards through casts, arithmetic and locals that have one value. It
/// follows only what is visible in the method (and in the type, for private array fields) and answers <see
/// cref="MemoryKind.Unknown"/> as soon as two things are possible: a rule speaks about certainties.
/// </summary>
internal sealed partial class OriginReader(KnownTypes known, ContractSymbols contracts)
{
    // Locals can be chained, and with lambdas even in a circle.
    private const int StepsMax = 32;

    /// <summary>
    /// The origin of a pointer, or of a native-sized or 64-bit integer that holds an address.
    /// </summary>
    public MemoryOrigin OfAddress(IOperation value) => OfAddress(value, StepsMax);

    /// <summary>The origin of a location whose address is taken (<c>ref x</c>).</summary>
    public MemoryOrigin OfLocation(IOperation location) => OfLocation(location, StepsMax);

    /// <summary>The origin of the memory below a span.</summary>
    public MemoryOrigin OfSpan(IOperation span) => OfSpan(span, StepsMax);

    private MemoryOrigin OfAddress(IOperation value, int steps)
    {
        if (steps == 0)
        {
            return MemoryOrigin.Unknown;
        }
        steps--;
        if (IsNullOrZero(value))
        {
            return MemoryOrigin.Null;
        }
        switch (value)
        {
            case IConversionOperation { Operand: var operand } conversion:
                if (KnownTypes.Is(operand.Type, known.GCHandle))
                {
                    return OfHandleValue(); // (nint)handle is GCHandle.ToIntPtr(handle)
                }
                // Any other operator of a user's type may compute what it likes.
                return conversion.OperatorMethod is null
                    || IsNativeInteger(conversion.OperatorMethod.ContainingType)
                    ? OfAddress(operand, steps)
                    : MemoryOrigin.Unknown;
            case ILocalReferenceOperation { Local: var local }:
                return LocalValue.Of(local, value) is { } only
                    ? OfAddress(only, steps).Via(local)
                    : MemoryOrigin.Unknown;
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return Join(OfAddress(conditional.WhenTrue, steps), OfAddress(whenFalse, steps));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum:
                return FirstKnown(OfAddress(sum.LeftOperand, steps), OfAddress(sum.RightOperand, steps));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract } difference:
                return OfAddress(difference.LeftOperand, steps);
            case IAddressOfOperation addressOf:
                return OfAddressOf(addressOf.Reference, steps);
            case IInvocationOperation call:
                return OfCall(call, steps);
            case IObjectCreationOperation { Arguments.Length: 1 } creation
                when IsNativeInteger(creation.Type):
                return OfAddress(creation.Arguments[0].Value, steps);
            case IMemberReferenceOperation { Instance: { } instance } member:
                return OfMember(member.Member, instance, steps);
            case IParameterReferenceOperation { Parameter: var parameter }
                when contracts.RegistrationOf(parameter) is not null:
                return new MemoryOrigin(MemoryKind.Registered, $"the parameter '{parameter.Name}'");
            case
            {
                Syntax: StackAllocArrayCreationExpressionSyntax
                or ImplicitStackAllocArrayCreationExpressionSyntax
            }:
                return new MemoryOrigin(MemoryKind.Stack, "memory from stackalloc");
            default:
                return MemoryOrigin.Unknown;
        }
    }

    private MemoryOrigin OfAddressOf(IOperation location, int steps)
    {
        // The address of a heap location exists only inside `fixed`, which is NVG0001's; of a local it does
        // anywhere.
        MemoryOrigin origin = OfLocation(location, steps);
        return origin.Kind is MemoryKind.Stack ? origin : MemoryOrigin.Unknown;
    }

    private MemoryOrigin OfCall(IInvocationOperation call, int steps)
    {
        IMethodSymbol method = call.TargetMethod;
        INamedTypeSymbol type = method.ContainingType;
        if (KnownTypes.Is(type, known.Unsafe) && call.Arguments.Length > 0)
        {
            return method.Name switch
            {
                "AsPointer" => OfLocation(call.Arguments[0].Value, steps),
                "Add" or "Subtract" when !method.Parameters[0].IsByReference() =>
                    OfAddress(call.Arguments[0].Value, steps),
                _ => MemoryOrigin.Unknown,
            };
        }
        if (KnownTypes.Is(type, known.Marshal))
        {
            return method.Name switch
            {
                "UnsafeAddrOfPinnedArrayElement" => OfArray(call.Argument(0), steps),
                "AllocHGlobal" or "AllocCoTaskMem" => Native(method),
                _ => MemoryOrigin.Unknown,
            };
        }
        if (KnownTypes.Is(type, known.NativeMemory))
        {
            return method.Name is "Alloc" or "AllocZeroed" or "AlignedAlloc"
                ? Native(method)
                : MemoryOrigin.Unknown;
        }
        if (KnownTypes.Is(type, known.GCHandle))
        {
            return method.Name switch
            {
                "ToIntPtr" => OfHandleValue(),
                "AddrOfPinnedObject" when call.Instance is { } handle => OfHandle(handle, steps),
                _ => MemoryOrigin.Unknown,
            };
        }
        if (KnownTypes.Is(type, known.PinnedGCHandle))
        {
            return method.Name is "GetAddressOfObjectData" ? Pinned() : MemoryOrigin.Unknown;
        }
        if (IsNativeInteger(type))
        {
            IOperation? address = call.Instance ?? (call.Arguments.IsEmpty ? null : call.Arguments[0].Value);
            return address is not null
                && method.Name is ("Add" or "Subtract" or "ToPointer" or "ToInt64" or "ToUInt64")
                ? OfAddress(address, steps)
                : MemoryOrigin.Unknown;
        }
        return OfMember(method, call.Instance, steps);
    }

    /// <summary>
    /// An address that a member gives: registered by contract, or that of an owner made in this method.
    /// </summary>
    private MemoryOrigin OfMember(ISymbol member, IOperation? instance, int steps)
    {
        if (contracts.RegistrationOf(member) is not null)
        {
            return new MemoryOrigin(MemoryKind.Registered, $"'{member.Name}'");
        }
        bool isAddressOfOwner = contracts.IsStable(member)
            || (member.Name == "DangerousGetHandle"
                && KnownTypes.Is(member.ContainingType, known.SafeHandle));
        return isAddressOfOwner && instance is not null ? OfOwner(instance, steps) : MemoryOrigin.Unknown;
    }

    /// <summary>
    /// An owner is fresh when a local has it straight from a constructor or a factory that was given nothing
    /// that could register it.
    /// </summary>
    private static MemoryOrigin OfOwner(IOperation instance, int steps)
    {
        if (steps == 0 || instance is not ILocalReferenceOperation { Local: var local })
        {
            return MemoryOrigin.Unknown;
        }
        ImmutableArray<IArgumentOperation>? arguments = LocalValue.Of(local, instance) switch
        {
            IObjectCreationOperation { Initializer: null } creation => creation.Arguments,
            IInvocationOperation { TargetMethod.IsStatic: true } factory => factory.Arguments,
            _ => null,
        };
        if (arguments is null)
        {
            return MemoryOrigin.Unknown;
        }
        foreach (IArgumentOperation argument in arguments.Value)
        {
            if (argument.Value.Type is not ({ IsValueType: true }
                or { SpecialType: SpecialType.System_String }))
            {
                return MemoryOrigin.Unknown;
            }
        }
        return new MemoryOrigin(MemoryKind.FreshOwner, $"the memory of '{local.Name}'").Via(local);
    }

    private MemoryOrigin OfHandle(IOperation handle, int steps)
    {
        if (steps == 0)
        {
            return MemoryOrigin.Unknown;
        }
        switch (handle)
        {
            case ILocalReferenceOperation { Local: var local }:
                return LocalValue.Of(local, handle) is { } only
                    ? OfHandle(only, steps - 1).Via(local)
                    : MemoryOrigin.Unknown;
            case IInvocationOperation { TargetMethod.Name: "Alloc" } call
                when KnownTypes.Is(call.TargetMethod.ContainingType, known.GCHandle):
                return PinsByHandle(call) switch
                {
                    true => Pinned(),
                    false => new MemoryOrigin(MemoryKind.Movable, "the object of an unpinned GCHandle"),
                    null => MemoryOrigin.Unknown,
                };
            default:
                return MemoryOrigin.Unknown;
        }
    }

    /// <summary>Whether GCHandle.Alloc pins; null when its type is not a constant.</summary>
    private static bool? PinsByHandle(IInvocationOperation alloc)
    {
        const int PinnedType = 3; // GCHandleType.Pinned
        if (alloc.Arguments.Length == 1)
        {
            return false;
        }
        return alloc.Argument(1).ConstantValue is { HasValue: true, Value: int type }
            ? type == PinnedType
            : null;
    }

    private static MemoryOrigin OfHandleValue() =>
        new(MemoryKind.HandleNumber,
            "the object of this GCHandle (whose ToIntPtr is a handle and not even its "
            + "address)");

    private static MemoryOrigin Pinned() => new(MemoryKind.Pinned, "a pinned managed object");

    private static MemoryOrigin Native(IMethodSymbol allocator) =>
        new(MemoryKind.Native, $"memory from {allocator.ContainingType.Name}.{allocator.Name}");

    private static bool IsNativeInteger(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };

    private static bool IsNullOrZero(IOperation value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }
        return value switch
        {
            { ConstantValue: { HasValue: true, Value: null or 0 or 0u or 0L or 0UL } } => true,
            IDefaultValueOperation => true,
            _ => false,
        };
    }

    private static MemoryOrigin FirstKnown(MemoryOrigin left, MemoryOrigin right) =>
        left.Kind is MemoryKind.Unknown or MemoryKind.Null ? right : left;

    /// <summary>What holds on both paths; a null address is no memory and does not count.</summary>
    private static MemoryOrigin Join(MemoryOrigin left, MemoryOrigin right)
    {
        if (left.Kind == MemoryKind.Null || right.Kind == MemoryKind.Null)
        {
            return left.Kind == MemoryKind.Null ? right : left;
        }
        return left.Kind == right.Kind ? left.Or(right) : MemoryOrigin.Unknown;
    }
}
