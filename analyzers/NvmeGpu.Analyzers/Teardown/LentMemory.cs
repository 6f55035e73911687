using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Teardown;

/// <summary>Memory that a method gives to a ring.</summary>
internal readonly struct LentMemory(ISymbol memory, ISymbol? ring, ISymbol? list, bool isRegistered)
{
    /// <summary>The variable that holds the address.</summary>
    public ISymbol Memory { get; } = memory;

    /// <summary>Null when the method does not show which.</summary>
    public ISymbol? Ring { get; } = ring;

    /// <summary>The iovec that the address stands in, if it does.</summary>
    public ISymbol? List { get; } = list;

    /// <summary>The ring has it until it is unregistered, not only until one completion.</summary>
    public bool IsRegistered { get; } = isRegistered;
}
