using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>Compares symbols by reference: equal ones of different instances are different here.</summary>
internal sealed class SameInstance : IEqualityComparer<ISymbol>
{
    public static readonly SameInstance Comparer = new();

    private SameInstance()
    {
    }

    public bool Equals(ISymbol? left, ISymbol? right) => ReferenceEquals(left, right);

    public int GetHashCode(ISymbol symbol) => RuntimeHelpers.GetHashCode(symbol);
}
