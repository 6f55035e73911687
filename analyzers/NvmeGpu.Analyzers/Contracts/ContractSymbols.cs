using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// The contract attributes of one compilation. They are matched by metadata name: each consumer compiles its
/// own internal copy, so a method of a referenced assembly may carry a different symbol of the same name.
/// </summary>
internal sealed partial class ContractSymbols
{
    private const string Namespace = "NvmeGpu.Contracts";

    // What is found in a compilation never changes; each rule asks for it.
    private static readonly ConditionalWeakTable<Compilation, Found> s_found = new();

    private readonly ImmutableArray<IAssemblySymbol> _assemblies;

    // A symbol is nearly always asked for by the same instance, which is cheaper to find than an equal one.
    private readonly ConcurrentDictionary<ISymbol, SymbolContracts> _ofSymbol = new(SameInstance.Comparer);

    private readonly ConcurrentDictionary<ISymbol, SymbolContracts> _ofResult = new(SameInstance.Comparer);

    private ContractSymbols(ImmutableArray<IAssemblySymbol> assemblies, CodeWithinReach reach)
    {
        _assemblies = assemblies;
        Reach = reach;
    }

    /// <summary>The files that can have to do with a contract at all.</summary>
    public CodeWithinReach Reach { get; }

    /// <summary>
    /// The contracts that this compilation can see, or null where there are none, or no file that could use
    /// them: then no rule has anything to do.
    /// </summary>
    public static ContractSymbols? TryFind(Compilation compilation, CancellationToken cancellation) =>
        s_found.GetValue(compilation, one => new Found(Find(one, cancellation))).Contracts;

    private static ContractSymbols? Find(Compilation compilation, CancellationToken cancellation)
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
        // A library of somebody's own may carry contracts, and who uses it need not name ours.
        CodeWithinReach reach =
            assemblies.All(one => SymbolEqualityComparer.Default.Equals(one, compilation.Assembly)
                || IsLibrary(one))
                ? CodeWithinReach.Of(compilation, cancellation)
                : CodeWithinReach.Everything;
        return reach.IsEmpty ? null : new ContractSymbols([.. assemblies], reach);
    }

    /// <summary>The library as projects: its types are public there.</summary>
    private static bool IsLibrary(IAssemblySymbol assembly) =>
        assembly.GetTypeByMetadataName(Namespace + "." + ContractNames.KernelRetains)
            is { DeclaredAccessibility: Accessibility.Public }
        || assembly.GetTypeByMetadataName(
            "NvmeGpu.IoUring") is { DeclaredAccessibility: Accessibility.Public };

    private SymbolContracts Of(ISymbol symbol) => _ofSymbol.TryGetValue(symbol, out SymbolContracts known)
        ? known : _ofSymbol.GetOrAdd(symbol, SymbolContracts.Of(ContractsOf(symbol)));

    /// <summary>Of a method: what its return value carries.</summary>
    private SymbolContracts OfValue(ISymbol symbol) => symbol is not IMethodSymbol method ? Of(symbol)
        : _ofResult.TryGetValue(symbol, out SymbolContracts known)
            ? known : _ofResult.GetOrAdd(symbol, SymbolContracts.Of(ContractsOfResult(method)));

    /// <summary>The contract attributes of the symbol itself, not of what it returns.</summary>
    public ImmutableArray<AttributeData> ContractsOf(ISymbol symbol) => MayCarryContracts(symbol)
        ? Sifted(symbol.GetAttributes()) : ImmutableArray<AttributeData>.Empty;

    /// <summary>The contract attributes of what the method returns.</summary>
    public ImmutableArray<AttributeData> ContractsOfResult(IMethodSymbol method) => MayCarryContracts(method)
        ? Sifted(method.GetReturnTypeAttributes()) : ImmutableArray<AttributeData>.Empty;

    /// <summary>The assembly could carry contracts; without one, a symbol of it promises nothing.</summary>
    public bool MayCarryContracts(ISymbol symbol)
    {
        IAssemblySymbol? assembly = symbol.ContainingAssembly;
        foreach (IAssemblySymbol one in _assemblies)
        {
            if (ReferenceEquals(one, assembly))
            {
                return true;
            }
        }
        return false;
    }

    private static ImmutableArray<AttributeData> Sifted(ImmutableArray<AttributeData> attributes)
    {
        foreach (AttributeData attribute in attributes)
        {
            if (IsContract(attribute))
            {
                return attributes.Where(IsContract).ToImmutableArray();
            }
        }
        return ImmutableArray<AttributeData>.Empty;
    }

    private static AttributeData? Named(ImmutableArray<AttributeData> contracts, string name)
    {
        foreach (AttributeData contract in contracts)
        {
            if (contract.AttributeClass?.Name == name)
            {
                return contract;
            }
        }
        return null;
    }

    private static bool IsContract(AttributeData attribute) =>
        attribute.AttributeClass is { ContainingType: null } type && IsOurs(type);

    private static bool IsOurs(INamedTypeSymbol type) =>
        type.ContainingNamespace is
        {
            Name: "Contracts",
            ContainingNamespace: { Name: "NvmeGpu", ContainingNamespace.IsGlobalNamespace: true },
        };

    private sealed class Found(ContractSymbols? contracts)
    {
        public ContractSymbols? Contracts { get; } = contracts;
    }
}
