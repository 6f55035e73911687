using System;
using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What a value of a type can be to the flow analysis.</summary>
internal sealed class FlowTypes(KnownTypes known, ContractSymbols contracts)
{
    private const string PollingFlag = "IORING_SETUP_SQPOLL";

    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _owners =
        new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _polling =
        new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _describing =
        new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<ISymbol, MethodTraits> _methods = new(SameInstance.Comparer);

    public KnownTypes Known { get; } = known;

    /// <summary>Where calls may wait for completions, because they reach a ring.</summary>
    public RingReach Reach { get; } = new(contracts);

    public MethodTraits TraitsOf(IMethodSymbol method) =>
        _methods.TryGetValue(method, out MethodTraits? traits)
            ? traits : _methods.GetOrAdd(method, new MethodTraits(method, this, contracts));

    /// <summary>A value of this type leads to memory that can be handed over or released.</summary>
    public bool LeadsToMemory(ITypeSymbol? type) =>
        type is IPointerTypeSymbol or IArrayTypeSymbol
        || type is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr }
        || Known.IsSpan(type)
        || Known.IsMemory(type)
        || IsPin(type)
        || IsOwner(type);

    public bool IsPin(ITypeSymbol? type) => type is not null && (KnownTypes.Is(type, Known.GCHandle)
        || KnownTypes.Is(type, Known.PinnedGCHandle)
        || IsNamed(type, "MemoryHandle"));

    /// <summary>Disposing it frees memory whose address it gives.</summary>
    public bool IsOwner(ITypeSymbol? type)
    {
        return type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface } named
            && _owners.GetOrAdd(named, LooksLikeOwner);
    }

    /// <summary>The type makes a ring whose entries the kernel takes by itself: it names the flag.</summary>
    public bool NamesSubmissionPolling(INamedTypeSymbol? type) =>
        type is not null && _polling.GetOrAdd(type, NamesFlag);

    private bool LooksLikeOwner(INamedTypeSymbol named)
    {
        if (IsNamed(named, "IMemoryOwner") || IsNamed(named, "MemoryManager") || IsPatient(named))
        {
            return true;
        }
        return IsOwnSafeHandle(named) || HasMember(named, contracts.IsStable)
            || HasMember(named, contracts.Releases);
    }

    /// <summary>A value that says where memory is, so that its own address means nothing.</summary>
    public bool DescribesMemory(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsValueType: true, SpecialType: SpecialType.None } named
        && (_describing.TryGetValue(named, out bool describes) ? describes
            : _describing.GetOrAdd(named, LooksLikeDescription));

    private bool LooksLikeDescription(INamedTypeSymbol named) => HasMember(named, member =>
        contracts.RegistrationOf(member) is not null || contracts.IsStable(member));

    /// <summary>A handle of the class library is of a file or the like; one of somebody's own may own memory.
    /// </summary>
    private bool IsOwnSafeHandle(INamedTypeSymbol type)
    {
        bool isOfClassLibrary = type.IsInSystem() || type.ContainingNamespace is { Name: "SafeHandles" };
        for (INamedTypeSymbol? parent = isOfClassLibrary ? null : type.BaseType; parent is not null;
            parent = parent.BaseType)
        {
            if (KnownTypes.Is(parent, Known.SafeHandle))
            {
                return true;
            }
        }
        return false;
    }

    private static bool HasMember(INamedTypeSymbol type, Func<ISymbol, bool> carries)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary }
                && carries(member))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Its memory stays mapped until the kernel is done, in whatever order things are disposed.
    /// </summary>
    public static bool IsPatient(ITypeSymbol? type) =>
        type is { Name: "GpuMappedBuffer" or "RegisteredMemory" or "AttachedMemory" }
        && Library.Contains(type);

    private static bool IsNamed(ITypeSymbol type, string name) =>
        type.Name == name && type.ContainingNamespace is
        {
            Name: "Buffers",
            ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        };

    private static bool NamesFlag(INamedTypeSymbol type)
    {
        foreach (SyntaxReference part in type.DeclaringSyntaxReferences)
        {
            if (part.SyntaxTree.GetText().ToString().IndexOf(PollingFlag, StringComparison.Ordinal) < 0)
            {
                continue; // most files: not worth a walk over their nodes
            }
            foreach (SyntaxNode node in part.GetSyntax().DescendantNodes())
            {
                if (node is IdentifierNameSyntax { Identifier.ValueText: PollingFlag })
                {
                    return true;
                }
            }
        }
        return false;
    }
}
