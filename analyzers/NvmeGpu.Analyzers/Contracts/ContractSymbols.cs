using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// The contract attributes of one compilation. They are matched by metadata name: each consumer compiles its
/// own internal copy, so a method of a referenced assembly may carry a different symbol of the same name.
/// </summary>
internal sealed class ContractSymbols
{
    private const string Namespace = "NvmeGpu.Contracts";

    private readonly ImmutableHashSet<IAssemblySymbol> _assemblies;

    private ContractSymbols(ImmutableHashSet<IAssemblySymbol> assemblies) => _assemblies = assemblies;

    /// <summary>
    /// The contracts that this compilation can see, or null: then no rule has anything to do.
    /// </summary>
    public static ContractSymbols? TryFind(Compilation compilation)
    {
        ImmutableArray<INamedTypeSymbol> copies =
            compilation.GetTypesByMetadataName(Namespace + "." + ContractNames.KernelRetains);
        if (copies.IsEmpty)
        {
            return null;
        }

        // A contract can stand only in an assembly that declares the attributes or refers to one that does.
        // The class library is never among them, so the attributes of its parameters are not decoded for each
        // call of it.
        ImmutableHashSet<IAssemblySymbol>.Builder assemblies =
            ImmutableHashSet.CreateBuilder<IAssemblySymbol>(SymbolEqualityComparer.Default);
        assemblies.UnionWith(copies.Select(copy => copy.ContainingAssembly));
        ImmutableHashSet<IAssemblySymbol> declaring = assemblies.ToImmutable();
        assemblies.Add(compilation.Assembly);
        foreach (IAssemblySymbol reference in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (reference.Modules.Any(module => module.ReferencedAssemblySymbols.Any(declaring.Contains)))
            {
                assemblies.Add(reference);
            }
        }
        return new ContractSymbols(assemblies.ToImmutable());
    }

    /// <summary>
    /// How long an address given to this parameter or field stays in use, or null without a contract.
    /// </summary>
    public Retention? RetentionOf(ISymbol target)
    {
        AttributeData? attribute = Find(target, ContractNames.KernelRetains);
        return attribute is { ConstructorArguments: { Length: 1 } arguments }
            && arguments[0].Value is int until
            ? (Retention)until
            : null;
    }

    /// <summary>
    /// The contract of a parameter, field, property or (for a method) return value, or null.
    /// </summary>
    public RegisteredContract? RegistrationOf(ISymbol symbol)
    {
        AttributeData? attribute = symbol is IMethodSymbol method
            ? FindIn(method, method.GetReturnTypeAttributes, ContractNames.Registered)
            : Find(symbol, ContractNames.Registered);
        return attribute is null
            ? null
            : new RegisteredContract(NamedString(attribute, "Index"), NamedString(attribute, "Length"));
    }

    /// <summary>
    /// The address that this property or method gives neither moves nor dies before its owner.
    /// </summary>
    public bool IsStable(ISymbol symbol)
    {
        return symbol is IMethodSymbol method
            ? FindIn(method, method.GetReturnTypeAttributes, ContractNames.Stable) is not null
            : Find(symbol, ContractNames.Stable) is not null;
    }

    public bool Releases(IParameterSymbol parameter) => Find(parameter, ContractNames.Releases) is not null;

    private AttributeData? Find(ISymbol symbol, string name) => FindIn(symbol, symbol.GetAttributes, name);

    private AttributeData? FindIn(
        ISymbol symbol,
        Func<ImmutableArray<AttributeData>> attributes,
        string name)
    {
        if (!_assemblies.Contains(symbol.ContainingAssembly))
        {
            return null;
        }
        foreach (AttributeData attribute in attributes())
        {
            if (attribute.AttributeClass is { ContainingType: null } type
                && type.Name == name && IsOurs(type))
            {
                return attribute;
            }
        }
        return null;
    }

    private static bool IsOurs(INamedTypeSymbol type) =>
        type.ContainingNamespace is
        {
            Name: "Contracts",
            ContainingNamespace: { Name: "NvmeGpu", ContainingNamespace.IsGlobalNamespace: true },
        };

    private static string? NamedString(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value.Value as string;
            }
        }
        return null;
    }
}
