using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>What a contract may say at the place where it stands.</summary>
internal static class ContractShape
{
    private const string Suffix = "Attribute";

    /// <summary>As it is written: without "Attribute".</summary>
    public static string Name(AttributeData attribute)
    {
        string name = attribute.AttributeClass!.Name;
        return name.EndsWith(Suffix, StringComparison.Ordinal)
            ? name.Substring(0, name.Length - Suffix.Length)
            : name;
    }

    /// <summary>The named arguments that are names of siblings.</summary>
    public static IEnumerable<(string Key, string Name)> NamedSiblings(AttributeData attribute)
    {
        if (attribute.AttributeClass?.Name is not (ContractNames.KernelRetains or ContractNames.Registered))
        {
            yield break;
        }
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Value is { Kind: TypedConstantKind.Primitive, Value: string name })
            {
                yield return (argument.Key, name);
            }
        }
    }

    /// <summary>
    /// Another parameter of the method, or a field or property of the type; for a return value those of its
    /// own type too.
    /// </summary>
    public static bool HasSibling(ISymbol symbol, string name)
    {
        IMethodSymbol? method = symbol as IMethodSymbol ?? symbol.ContainingSymbol as IMethodSymbol;
        return (method is not null && (IsParameter(method, symbol, name) || IsThis(method, name)))
            || (symbol is IParameterSymbol { ContainingSymbol: IPropertySymbol indexer }
                && indexer.Parameters.Any(parameter => parameter.Name == name))
            || HasMember(symbol.ContainingType, symbol, name)
            || (symbol is IMethodSymbol { ReturnType: var result } && HasMember(result, symbol, name));
    }

    /// <summary>The type of a value that is handed over as it is; null for a reference.</summary>
    public static ITypeSymbol? ValueType(ISymbol symbol) => symbol switch
    {
        IParameterSymbol { RefKind: RefKind.None } parameter => parameter.Type,
        IFieldSymbol { RefKind: RefKind.None } field => field.Type,
        _ => null,
    };

    /// <summary>Too small for an address, or no number at all; structs and classes may have one.</summary>
    public static bool IsNoAddress(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Enum
        || type.SpecialType is SpecialType.System_Boolean or SpecialType.System_Char
            or SpecialType.System_SByte or SpecialType.System_Byte
            or SpecialType.System_Int16 or SpecialType.System_UInt16
            or SpecialType.System_Int32 or SpecialType.System_UInt32
            or SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal;

    /// <summary>Asks something of the caller, who must know it whatever type he sees.</summary>
    public static bool IsDemand(AttributeData attribute) =>
        attribute.AttributeClass?.Name is ContractNames.KernelRetains or ContractNames.Registered
            or ContractNames.PageLocked or ContractNames.Aligned or ContractNames.Releases
            or ContractNames.Transfers;

    /// <summary>The same demand; names of siblings may differ as the parameters' names do.</summary>
    public static bool AreEqual(AttributeData attribute, AttributeData? other) =>
        other is not null
        && attribute.ConstructorArguments.SequenceEqual(other.ConstructorArguments)
        && IsOpaque(attribute) == IsOpaque(other);

    /// <summary>The methods that this one overrides or implements.</summary>
    public static IEnumerable<IMethodSymbol> BasesOf(IMethodSymbol method)
    {
        if (method.OverriddenMethod is { } overridden)
        {
            yield return overridden;
        }
        foreach (IMethodSymbol member in method.ExplicitInterfaceImplementations)
        {
            yield return member;
        }
        if (method is { IsStatic: false, MethodKind: MethodKind.Ordinary, ContainingType: { } type })
        {
            foreach (IMethodSymbol member in type.AllInterfaces
                .SelectMany(contract => contract.GetMembers(method.Name)).OfType<IMethodSymbol>())
            {
                if (SymbolEqualityComparer.Default.Equals(
                    type.FindImplementationForInterfaceMember(member), method))
                {
                    yield return member;
                }
            }
        }
    }

    private static bool IsOpaque(AttributeData attribute) => attribute.NamedArguments.Any(
        argument => argument is { Key: "Opaque", Value: { Kind: TypedConstantKind.Primitive, Value: true } });

    private static bool IsParameter(IMethodSymbol method, ISymbol itself, string name) =>
        method.Parameters.Any(parameter => parameter.Name == name
            && !SymbolEqualityComparer.Default.Equals(parameter, itself));

    private static bool IsThis(IMethodSymbol method, string name) => name == "this" && !method.IsStatic;

    private static bool HasMember(ITypeSymbol? type, ISymbol itself, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.GetMembers(name).Any(member => member is IFieldSymbol or IPropertySymbol
                && !SymbolEqualityComparer.Default.Equals(member, itself)))
            {
                return true;
            }
        }
        return false;
    }
}
