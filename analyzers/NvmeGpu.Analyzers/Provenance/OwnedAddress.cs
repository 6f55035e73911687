using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// An address that is taken from an object whose finalizer ends it: a <c>[Stable]</c> member or
/// DangerousGetHandle of a SafeHandle or a class with a finalizer.
/// </summary>
internal sealed class OwnedAddress(KnownTypes known, ContractSymbols contracts)
{
    private const int StepsMax = 16;

    /// <summary>
    /// The expression that takes the address, and the local that has the owner, straight from its making in
    /// this method; null for anything else.
    /// </summary>
    public (IOperation Taking, ILocalSymbol Owner)? Of(IOperation value)
    {
        for (int steps = StepsMax; steps > 0; steps--)
        {
            switch (value)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    value = conversion.Operand;
                    continue;
                case IConversionOperation
                {
                    Operand.Type.SpecialType: SpecialType.System_IntPtr
                    or SpecialType.System_UIntPtr
                } conversion:
                    value = conversion.Operand;
                    continue;
                case IConversionOperation
                {
                    Type.SpecialType: SpecialType.System_IntPtr
                    or SpecialType.System_UIntPtr
                } conversion:
                    value = conversion.Operand;
                    continue;
                case IBinaryOperation
                {
                    OperatorKind: BinaryOperatorKind.Add
                    or BinaryOperatorKind.Subtract
                } offset:
                    value = offset.LeftOperand;
                    continue;
                case ILocalReferenceOperation { Local: var local }
                    when LocalValue.Of(local, value) is { } only:
                    value = only;
                    continue;
                case IInvocationOperation
                {
                    Instance.Type: { } type, TargetMethod.Name: "ToPointer"
                    or "ToInt64" or "ToInt32"
                } call when type.SpecialType is SpecialType.System_IntPtr
                        or SpecialType.System_UIntPtr:
                    value = call.Instance!;
                    continue;
                case IPropertyReferenceOperation { Instance: ILocalReferenceOperation owner } property
                    when contracts.IsStable(property.Property):
                    return OfOwner(property, owner);
                case IInvocationOperation { Instance: ILocalReferenceOperation owner } call
                    when contracts.IsStable(call.TargetMethod)
                        || (call.TargetMethod.Name == "DangerousGetHandle"
                            && KnownTypes.Is(call.TargetMethod.ContainingType, known.SafeHandle)):
                    return OfOwner(call, owner);
                default:
                    return null;
            }
        }
        return null;
    }

    private (IOperation, ILocalSymbol)? OfOwner(IOperation taking, ILocalReferenceOperation owner) =>
        HasFinalizer(owner.Type) && LocalValue.Of(owner.Local, owner)?.WithoutConversions() is { } making
            && IsFresh(making)
            ? (taking, owner.Local)
            : null;

    /// <summary>
    /// Made here, and known to nobody else: by a constructor, or by a factory of its own type or of the class
    /// library, that is given nothing that could keep it.
    /// </summary>
    private static bool IsFresh(IOperation making)
    {
        var arguments = making switch
        {
            IObjectCreationOperation { Initializer: null } creation => creation.Arguments,
            IInvocationOperation { TargetMethod: { IsStatic: true } factory } call
                when SymbolEqualityComparer.Default.Equals(factory.ContainingType, making.Type)
                    || factory.IsInSystem() => call.Arguments,
            _ => default,
        };
        if (arguments.IsDefault)
        {
            return false;
        }
        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Value.Type is not ({ IsValueType: true }
                or { SpecialType: SpecialType.System_String } or IPointerTypeSymbol))
            {
                return false;
            }
        }
        return true;
    }

    private bool HasFinalizer(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (KnownTypes.Is(type, known.SafeHandle))
            {
                return true;
            }
            if (type.SpecialType == SpecialType.System_Object)
            {
                return false;
            }
            foreach (ISymbol member in type.GetMembers(WellKnownMemberNames.DestructorName))
            {
                if (member is IMethodSymbol { Parameters.IsEmpty: true, ReturnsVoid: true })
                {
                    return true;
                }
            }
        }
        return false;
    }
}
