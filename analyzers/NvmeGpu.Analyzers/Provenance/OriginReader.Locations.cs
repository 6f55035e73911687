using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// Locations (<c>ref x</c>) and spans: what <c>Unsafe.AsPointer</c> and the like are given.
/// </summary>
internal sealed partial class OriginReader
{
    private MemoryOrigin OfLocation(IOperation location, int steps)
    {
        if (steps == 0)
        {
            return MemoryOrigin.Unknown;
        }
        steps--;
        switch (location)
        {
            case IArrayElementReferenceOperation element:
                return OfArray(element.ArrayReference, steps);
            case IFieldReferenceOperation { Instance: { } instance } field:
                return OfInstanceField(field.Field, instance, steps);
            case IInlineArrayAccessOperation element:
                return OfLocation(element.Instance, steps);
            case ILocalReferenceOperation { Local: { IsRef: true } local }:
                return LocalValue.Of(local, location) is { } only
                    ? OfLocation(only, steps).Via(local)
                    : MemoryOrigin.Unknown;
            case ILocalReferenceOperation { Local: var local }:
                return new MemoryOrigin(MemoryKind.Stack, $"the local '{local.Name}'");
            case IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter }:
                return new MemoryOrigin(MemoryKind.Stack, $"the parameter '{parameter.Name}'");
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } span }
                when known.IsSpan(span.Type):
                return OfSpan(span, steps);
            case IInvocationOperation call:
                return OfReturnedLocation(call, steps);
            default:
                return MemoryOrigin.Unknown;
        }
    }

    private MemoryOrigin OfInstanceField(IFieldSymbol field, IOperation instance, int steps)
    {
        if (instance.Type is not { IsReferenceType: true })
        {
            // `this` of a struct can be anywhere; a struct inside something known is where that is.
            return instance is IInstanceReferenceOperation
                ? MemoryOrigin.Unknown
                : OfLocation(instance, steps);
        }
        if (instance is ILocalReferenceOperation { Local: var local } && MayBePinned(local, instance, steps))
        {
            return MemoryOrigin.Unknown;
        }
        return new MemoryOrigin(MemoryKind.Movable, $"the object that holds the field '{field.Name}'");
    }

    private MemoryOrigin OfReturnedLocation(IInvocationOperation call, int steps)
    {
        IMethodSymbol method = call.TargetMethod;
        INamedTypeSymbol type = method.ContainingType;
        if (KnownTypes.Is(type, known.MemoryMarshal))
        {
            return method.Name switch
            {
                "GetArrayDataReference" => OfArray(call.Argument(0), steps),
                "GetReference" => OfSpan(call.Argument(0), steps),
                _ => MemoryOrigin.Unknown,
            };
        }
        if (KnownTypes.Is(type, known.Unsafe))
        {
            switch (method.Name)
            {
                case "As" or "Add" or "AddByteOffset" or "Subtract" or "SubtractByteOffset" or "AsRef"
                    when method.Parameters[0].IsByReference():
                    return OfLocation(call.Argument(0), steps);
                case "AsRef":
                    return OfAddress(call.Argument(0), steps);
                case "Unbox":
                    return new MemoryOrigin(MemoryKind.Movable, "a boxed value");
            }
        }
        if (KnownTypes.Is(type, known.CollectionsMarshal) && method.Name.StartsWith("GetValueRefOr"))
        {
            return new MemoryOrigin(MemoryKind.Movable, "an entry of a dictionary");
        }
        return method.Name == "GetPinnableReference" && call.Instance is { } span && known.IsSpan(span.Type)
            ? OfSpan(span, steps)
            : MemoryOrigin.Unknown;
    }

    private MemoryOrigin OfSpan(IOperation span, int steps)
    {
        if (steps == 0)
        {
            return MemoryOrigin.Unknown;
        }
        steps--;
        switch (span)
        {
            case IConversionOperation { Operand: var operand }:
                return operand.Type is IArrayTypeSymbol ? OfArray(operand, steps) : OfSpan(operand, steps);
            case ILocalReferenceOperation { Local: var local }:
                return LocalValue.Of(local, span) is { } only
                    ? OfSpan(only, steps).Via(local)
                    : MemoryOrigin.Unknown;
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return Join(OfSpan(conditional.WhenTrue, steps), OfSpan(whenFalse, steps));
            case IObjectCreationOperation { Arguments.Length: > 0 } creation when known.IsSpan(span.Type):
                IOperation start = creation.Arguments[0].Value;
                return start.Type switch
                {
                    IArrayTypeSymbol => OfArray(start, steps),
                    IPointerTypeSymbol => OfAddress(start, steps),
                    _ => OfLocation(start, steps),
                };
            case IImplicitIndexerReferenceOperation { Instance: var whole } when known.IsSpan(whole.Type):
                return OfSpan(whole, steps); // span[2..]
            case IInvocationOperation call:
                return OfReturnedSpan(call, steps);
            default:
                return OfAddress(span, steps).Kind is MemoryKind.Stack
                    ? new MemoryOrigin(MemoryKind.Stack, "memory from stackalloc")
                    : MemoryOrigin.Unknown;
        }
    }

    private MemoryOrigin OfReturnedSpan(IInvocationOperation call, int steps)
    {
        IMethodSymbol method = call.TargetMethod;
        INamedTypeSymbol type = method.ContainingType;
        if (call.Instance is { } whole && known.IsSpan(whole.Type))
        {
            return method.Name == "Slice" ? OfSpan(whole, steps) : MemoryOrigin.Unknown;
        }
        if (KnownTypes.Is(type, known.MemoryExtensions) && method.Name == "AsSpan")
        {
            IOperation source = call.Instance ?? call.Argument(0);
            return source.Type switch
            {
                IArrayTypeSymbol => OfArray(source, steps),
                { SpecialType: SpecialType.System_String } when !source.ConstantValue.HasValue =>
                    new MemoryOrigin(MemoryKind.Movable, "a string"),
                _ => MemoryOrigin.Unknown,
            };
        }
        if (KnownTypes.Is(type, known.MemoryMarshal))
        {
            return method.Name switch
            {
                "AsBytes" or "Cast" => OfSpan(call.Argument(0), steps),
                "CreateSpan" or "CreateReadOnlySpan" => OfLocation(call.Argument(0), steps),
                _ => MemoryOrigin.Unknown,
            };
        }
        return KnownTypes.Is(type, known.CollectionsMarshal) && method.Name == "AsSpan"
            ? new MemoryOrigin(MemoryKind.Movable, "the array inside a list")
            : MemoryOrigin.Unknown;
    }
}
