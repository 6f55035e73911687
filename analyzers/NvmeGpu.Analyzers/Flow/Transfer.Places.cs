using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>Places that can be read and written, as the address that they have.</summary>
internal sealed partial class Transfer
{
    private FlowValue EvaluatePlace(IOperation place)
    {
        switch (place)
        {
            case ILocalReferenceOperation { Local: { IsRef: true } local }:
                return ValueOf(local);
            case ILocalReferenceOperation { Local: var local }:
                return OfStack(local);
            case IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter }:
                return OfStack(parameter);
            case IParameterReferenceOperation { Parameter: var parameter }:
                return context.VariableOf(parameter).IsTracked
                    ? context.Object(MemoryObjectKind.Parameter, parameter).Value : FlowValue.Unknown;
            case IFieldReferenceOperation { Instance: { } instance }:
                return instance.Type is { IsReferenceType: true } ? FlowValue.Unknown
                    : instance is IInstanceReferenceOperation ? FlowValue.Unknown
                    : EvaluatePlace(instance).Moved(null);
            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                return Evaluate(element.ArrayReference)
                    .Moved(Distance(element.Indices[0], element.Type, isElement: true));
            case IArrayElementReferenceOperation element:
                return Unseen(element, escapes: false);
            case IPropertyReferenceOperation
            {
                Property.IsIndexer: true, Instance: { } span,
                Arguments.Length: 1
            } item
                when _known.IsSpan(span.Type):
                FlowValue start = Evaluate(span);
                IOperation index = item.Arguments[0].Value;
                Evaluate(index);
                return start.Moved(Distance(index, item.Type, isElement: true));
            case IInlineArrayAccessOperation item:
                Evaluate(item.Argument);
                return EvaluatePlace(item.Instance)
                    .Moved(Distance(item.Argument, item.Type, isElement: true));
            case IConversionOperation { OperatorMethod: null } conversion:
                return EvaluatePlace(conversion.Operand);
            case IFlowCaptureReferenceOperation reference:
                return _captured.TryGetValue(reference.Id, out IOperation? captured)
                    && captured is ILocalReferenceOperation or IParameterReferenceOperation
                    ? EvaluatePlace(captured)
                    : State.ValueOf(context.VariableOf(reference.Id));
            case IDeclarationExpressionOperation declaration:
                return EvaluatePlace(declaration.Expression);
            case IDiscardOperation:
                return FlowValue.Unknown;
            case { Kind: OperationKind.None } when place.IsDereference():
                return OfDereference(place);
            default:
                return Evaluate(place);
        }
    }

    private FlowValue OfStack(ISymbol symbol)
    {
        if (context.VariableOf(symbol) is not { IsTracked: true, OnStack: { } memory }
            || symbol is ILocalSymbol { IsFixed: true })
        {
            return FlowValue.Unknown;
        }
        if (State.TryOf(memory) is null)
        {
            State.Set(memory, ObjectState.NewlyOwned(State.Path));
        }
        return memory.Value;
    }

    private FlowValue OfDereference(IOperation place)
    {
        FlowValue? address = null;
        long? distance = 0;
        ITypeSymbol? type = null;
        foreach (IOperation child in place.ChildOperations)
        {
            if (address is null)
            {
                address = Evaluate(child);
                type = child.Type;
            }
            else
            {
                Evaluate(child);
                distance = Distance(child, type);
            }
        }
        return (address ?? FlowValue.Unknown).Moved(distance);
    }

    /// <summary>
    /// A constant number of elements in bytes, or null. Integers that hold addresses count in bytes.
    /// </summary>
    private static long? Distance(IOperation index, ITypeSymbol? type, bool isElement = false)
    {
        long? size = isElement ? SizeOf(type)
            : type is IPointerTypeSymbol { PointedAtType: var pointee } ? SizeOf(pointee) : 1;
        return RegionIdentity.ConstantOf(index) is { } count
            ? count == 0 ? 0 : size * count
            : null;
    }

    private static long? SizeOf(ITypeSymbol? type) => type?.SpecialType switch
    {
        SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Boolean => 1,
        SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char => 2,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double => 8,
        SpecialType.System_IntPtr or SpecialType.System_UIntPtr => 8,
        _ => null,
    };
}
