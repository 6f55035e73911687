using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// A condition over locals and parameters, such as <c>flag</c> or <c>n > 0</c>; equal texts are one instance.
/// </summary>
/// <param name="symbols">The locals and parameters in it.</param>
/// <param name="number">Which one it is among those that are independent, or those that are not.</param>
/// <param name="isIndependent">Nothing in the method can change the outcome: it is the caller who decides,
/// so both outcomes do happen.</param>
internal sealed class Condition(ImmutableArray<ISymbol> symbols, int number, bool isIndependent)
{
    /// <summary>Of each of the two sorts; outcomes of further ones are not told apart.</summary>
    private const int NumbersMax = 32;

    /// <summary>The bits of all conditions that only the caller decides.</summary>
    public const ulong IndependentBits = (1UL << NumbersMax) - 1;

    public ImmutableArray<ISymbol> Symbols { get; } = symbols;

    /// <summary>Its place in <see cref="Facts"/>; 0 when it has none.</summary>
    public ulong Bit { get; } = number >= NumbersMax ? 0
        : 1UL << (isIndependent ? number : number + NumbersMax);
}
