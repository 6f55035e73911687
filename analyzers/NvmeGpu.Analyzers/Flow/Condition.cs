using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// A condition over locals and parameters, such as <c>flag</c> or <c>n > 0</c>; equal texts are one instance.
/// </summary>
internal sealed class Condition(string text, ImmutableArray<ISymbol> symbols, bool isIndependent)
{
    public string Text { get; } = text;

    public ImmutableArray<ISymbol> Symbols { get; } = symbols;

    /// <summary>
    /// Nothing in the method can change the outcome: it is the caller who decides, so both outcomes do
    /// happen.
    /// </summary>
    public bool IsIndependent { get; } = isIndependent;

    public bool Mentions(ISymbol symbol) => Symbols.Contains(symbol, SymbolEqualityComparer.Default);
}
