using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// The registered region behind an address: the object whose member carries <c>[Registered]</c>, and what
/// that one was made from. Two regions are known to be different only if what they were made from is.
/// </summary>
internal sealed class RegionIdentity(ContractSymbols contracts)
{
    private const int StepsMax = 16;

    /// <summary>
    /// The member access that gives a registered address, behind casts, arithmetic and single-valued locals.
    /// </summary>
    public IMemberReferenceOperation? RegisteredMember(IOperation address) =>
        Member(address, member => contracts.RegistrationOf(member) is not null);

    /// <summary>The access to the member of this name, behind casts and single-valued locals.</summary>
    public static IMemberReferenceOperation? NamedMember(IOperation value, string name) =>
        Member(value, member => member.Name == name);

    /// <summary>
    /// Two different objects of the same type, as far as what they were made from is visible.
    /// </summary>
    public static bool AreDifferent(IOperation left, IOperation right)
    {
        (ISymbol Symbol, ITypeSymbol? Type)? leftRoot = Root(left, StepsMax);
        (ISymbol Symbol, ITypeSymbol? Type)? rightRoot = Root(right, StepsMax);
        return leftRoot is { } one && rightRoot is { } other
            && SymbolEqualityComparer.Default.Equals(one.Type, other.Type)
            && !SymbolEqualityComparer.Default.Equals(one.Symbol, other.Symbol);
    }

    /// <summary>
    /// The constant length that a region was made with: the argument whose parameter, or the initialised
    /// member, has the name that the region's own contract gives to the length.
    /// </summary>
    public static long? ConstantLength(IOperation region, string lengthName)
    {
        if (region.WithoutConversions() is ILocalReferenceOperation { Local: var local })
        {
            if (LocalValue.Of(local, region) is not { } only)
            {
                return null;
            }
            region = only.WithoutConversions();
        }
        foreach (IOperation part in region.ChildOperations)
        {
            if (part is IArgumentOperation { Parameter: { } parameter } argument
                && string.Equals(parameter.Name, lengthName, StringComparison.OrdinalIgnoreCase))
            {
                return ConstantOf(argument.Value);
            }
            if (part is IObjectOrCollectionInitializerOperation initializer)
            {
                foreach (IOperation member in initializer.Initializers)
                {
                    if (member is ISimpleAssignmentOperation assignment
                        && assignment.Target is IMemberReferenceOperation target
                        && target.Member.Name == lengthName)
                    {
                        return ConstantOf(assignment.Value);
                    }
                }
            }
        }
        return null;
    }

    /// <summary>
    /// The value of an integral constant, also behind a local that only ever has that value.
    /// </summary>
    public static long? ConstantOf(IOperation value)
    {
        for (int steps = StepsMax; steps > 0; steps--)
        {
            switch (value)
            {
                case { ConstantValue: { HasValue: true, Value: { } constant } }:
                    return constant switch
                    {
                        int number => number,
                        uint number => number,
                        long number => number,
                        ulong number when number <= long.MaxValue => (long)number,
                        ushort number => number,
                        short number => number,
                        byte number => number,
                        _ => null,
                    };
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case ILocalReferenceOperation { Local: var local }
                    when LocalValue.Of(local, value) is { } only:
                    value = only;
                    break;
                default:
                    return null;
            }
        }
        return null;
    }

    private static IMemberReferenceOperation? Member(IOperation value, Func<ISymbol, bool> isWanted)
    {
        for (int steps = StepsMax; steps > 0; steps--)
        {
            switch (value)
            {
                case IMemberReferenceOperation { Instance: not null } member when isWanted(member.Member):
                    return member;
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
                case ILocalReferenceOperation { Local: var local }
                    when LocalValue.Of(local, value) is { } only:
                    value = only;
                    break;
                default:
                    return null;
            }
        }
        return null;
    }

    /// <summary>
    /// What an object was made from. A factory that is given another object (<c>ring.Register(buffer)</c>)
    /// makes something of that object; one that is given only numbers (<c>memory.Region(0, 4096)</c>,
    /// <c>region.Slice(..)</c>) makes a part of its own instance, with the same index.
    /// </summary>
    private static (ISymbol Symbol, ITypeSymbol? Type)? Root(IOperation value, int steps)
    {
        if (steps == 0)
        {
            return null;
        }
        steps--;
        switch (value.WithoutConversions())
        {
            case IParameterReferenceOperation { Parameter: var parameter } reference
                when !IsWritten(parameter, reference):
                return (parameter, parameter.Type);
            case IFieldReferenceOperation
            {
                Instance: null
                or IInstanceReferenceOperation, Field: { IsReadOnly: true } field
            }:
                return (field, field.Type);
            case ILocalReferenceOperation { Local: var local } reference
                when LocalValue.Of(local, reference) is { } only:
                return only.WithoutConversions() switch
                {
                    IInvocationOperation call => (OwnerArgument(call.Arguments) ?? call.Instance)
                        is { } source
                        ? Root(source, steps)
                        : (local, local.Type),
                    IObjectCreationOperation creation => OwnerArgument(creation.Arguments) is { } owner
                        ? Root(owner, steps)
                        : (local, local.Type),
                    var other => Root(other, steps),
                };
            case IInvocationOperation call:
                return (OwnerArgument(call.Arguments) ?? call.Instance) is { } made
                    ? Root(made, steps)
                    : null;
            default:
                return null;
        }
    }

    private static IOperation? OwnerArgument(ImmutableArray<IArgumentOperation> arguments)
    {
        foreach (IArgumentOperation argument in arguments)
        {
            IOperation value = argument.Value.WithoutConversions();
            if (value.Type is { IsReferenceType: true } and not { SpecialType: SpecialType.System_String })
            {
                return value;
            }
        }
        return null;
    }

    private static bool IsWritten(IParameterSymbol parameter, IOperation anywhereInMethod)
    {
        foreach (IOperation operation in LocalValue.Root(anywhereInMethod).Parts())
        {
            if (operation is IParameterReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Parameter, parameter)
                && reference.Parent is IAssignmentOperation assignment && assignment.Target == operation)
            {
                return true;
            }
        }
        return false;
    }
}
