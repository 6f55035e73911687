using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// A place where a value reaches a parameter or a field: the only places where a contract can be broken.
/// </summary>
internal readonly struct ContractSite
{
    private readonly bool _isReference;

    private ContractSite(IOperation operation, ISymbol target, IOperation value, bool isReference)
    {
        Operation = operation;
        Target = target;
        Value = value;
        _isReference = isReference;
    }

    /// <summary>The argument, or the assignment.</summary>
    public IOperation Operation { get; }

    /// <summary>The parameter or field.</summary>
    public ISymbol Target { get; }

    public IOperation Value { get; }

    /// <summary>
    /// The value is a location, whose address is handed over (ref, in, out). Not so for a struct that itself
    /// denotes memory (RegisteredRegion): there `in` only saves a copy.
    /// </summary>
    public bool IsByReference => _isReference && !DenotesMemory(Value.Type);

    public static bool TryFrom(IOperation operation, out ContractSite site) =>
        TryFromArgument(operation, out site) || TryFromAssignment(operation, out site);

    public static bool TryFromArgument(IOperation operation, out ContractSite site)
    {
        if (operation is IArgumentOperation { ArgumentKind: ArgumentKind.Explicit } argument
            && argument.Parameter is { } parameter)
        {
            site = new ContractSite(operation, parameter, argument.Value, parameter.RefKind != RefKind.None);
            return true;
        }
        site = default;
        return false;
    }

    private static bool TryFromAssignment(IOperation operation, out ContractSite site)
    {
        if (operation is ISimpleAssignmentOperation { Target: IFieldReferenceOperation field } assignment)
        {
            site = new ContractSite(operation, field.Field, assignment.Value, assignment.IsRef);
            return true;
        }
        site = default;
        return false;
    }

    /// <summary>
    /// The value that the same call gives to another parameter, or the same object initialiser to another
    /// field or property; null when it is not written there.
    /// </summary>
    public IOperation? Sibling(string? name)
    {
        if (name is null)
        {
            return null;
        }
        foreach (IOperation other in Operation.Parent?.ChildOperations.AsEnumerable() ?? [])
        {
            (string? target, IOperation? value) = other switch
            {
                IArgumentOperation { Parameter: { } parameter } argument => (parameter.Name, argument.Value),
                ISimpleAssignmentOperation { Target: IMemberReferenceOperation member } assignment
                    when Operation.Parent is IObjectOrCollectionInitializerOperation =>
                    (member.Member.Name, assignment.Value),
                _ => (null, null),
            };
            if (target == name)
            {
                return value;
            }
        }
        return null;
    }

    private static bool DenotesMemory(ITypeSymbol? type) =>
        type is INamedTypeSymbol { IsValueType: true } denoting
            && denoting.GetMembers().OfType<IPropertySymbol>().Any(property =>
                property.GetAttributes().Any(attribute =>
                    attribute.AttributeClass?.Name is ContractNames.Stable or ContractNames.Registered));
}
