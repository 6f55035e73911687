using System.Collections.Concurrent;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// Whether a call that says nothing by contract may have waited for completions, because it can reach a ring.
/// </summary>
internal sealed class RingReach(ContractSymbols contracts)
{
    private const int DepthMax = 4;

    private readonly ConcurrentDictionary<ITypeSymbol, bool> _known = new(SymbolEqualityComparer.Default);

    /// <param name="call">The call.</param>
    /// <param name="traits">Of the method that is called.</param>
    /// <param name="own">The type whose method is looked at: a delegate may have come from there.</param>
    public bool MayWait(IInvocationOperation call, MethodTraits traits, INamedTypeSymbol? own)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.MethodKind is MethodKind.LocalFunction)
        {
            return true;
        }
        // One that says what it keeps or frees would say that it waits.
        if (traits.IsLibrary || traits.Retains || traits.ReleasesParameter)
        {
            return false;
        }
        foreach (IArgumentOperation argument in call.Arguments)
        {
            ITypeSymbol? type = argument.Value.WithoutConversions().Type;
            if (type is null or { TypeKind: TypeKind.Delegate } || (!traits.IsInSystem && Reaches(type)))
            {
                // A null literal has no type, a lambda neither.
                if (argument.Value.WithoutConversions() is not ILiteralOperation)
                {
                    return true;
                }
            }
        }
        if (traits.IsInSystem)
        {
            return false;
        }
        if (method.MethodKind is MethodKind.DelegateInvoke)
        {
            return new Search(contracts).ByField(own, isStatic: false, DepthMax);
        }
        return method.IsStatic
            ? new Search(contracts).ByField(method.ContainingType, isStatic: true, DepthMax)
            : call.Instance?.Type is { } instance && Reaches(instance);
    }

    public bool MayWait(IObjectCreationOperation creation)
    {
        foreach (IArgumentOperation argument in creation.Arguments)
        {
            if (argument.Value.Type is { } type && Reaches(type))
            {
                return true;
            }
        }
        return false;
    }

    private bool Reaches(ITypeSymbol type) => _known.TryGetValue(type, out bool reaches) ? reaches
        : _known.GetOrAdd(type, new Search(contracts).Reaches(type, DepthMax));

    /// <summary>One look through the types that a type leads to.</summary>
    private sealed class Search(ContractSymbols contracts)
    {
        private readonly Dictionary<ITypeSymbol, bool> _seen = new(SymbolEqualityComparer.Default);

        public bool Reaches(ITypeSymbol type, int depth)
        {
            if (depth == 0)
            {
                return false;
            }
            while (type is IPointerTypeSymbol pointer)
            {
                type = pointer.PointedAtType;
            }
            if (_seen.TryGetValue(type, out bool reaches))
            {
                return reaches;
            }
            _seen[type] = false; // a type that refers to itself
            reaches = type switch
            {
                IArrayTypeSymbol array => Reaches(array.ElementType, depth - 1),
                ITypeParameterSymbol => true,
                INamedTypeSymbol { SpecialType: not SpecialType.None } => false,
                INamedTypeSymbol { TypeKind: TypeKind.Delegate } => true,
                INamedTypeSymbol named when named.IsInSystem() => ReachesByArgument(named, depth),
                INamedTypeSymbol { TypeKind: TypeKind.Interface } => true,
                INamedTypeSymbol named => named.IsAbstract || named.Name == "io_uring" || Completes(named)
                    || ByField(named, isStatic: false, depth),
                _ => true,
            };
            _seen[type] = reaches;
            return reaches;
        }

        private bool ReachesByArgument(INamedTypeSymbol type, int depth)
        {
            foreach (ITypeSymbol argument in type.TypeArguments)
            {
                if (Reaches(argument, depth - 1))
                {
                    return true;
                }
            }
            return false;
        }

        private bool Completes(INamedTypeSymbol type)
        {
            foreach (ISymbol member in type.GetMembers())
            {
                if (member is IMethodSymbol && contracts.Completes(member))
                {
                    return true;
                }
            }
            return false;
        }

        public bool ByField(INamedTypeSymbol? type, bool isStatic, int depth)
        {
            for (; type is { SpecialType: SpecialType.None }; type = type.BaseType)
            {
                foreach (ISymbol member in type.GetMembers())
                {
                    if (member is IFieldSymbol { IsConst: false } field && (field.IsStatic || !isStatic)
                        && Reaches(field.Type, depth - 1))
                    {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
