using System;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>What is known of the entry that one local points to.</summary>
/// <param name="ring">The variable that the entry's ring is in; null when it is none.</param>
/// <param name="prepared">The call that prepared the entry, until it is submitted.</param>
internal readonly struct EntryState(EntryFlags flags, ISymbol? ring, SyntaxNode? prepared)
    : IEquatable<EntryState>
{
    public static EntryState Unknown { get; } = new(EntryFlags.Unknown, null, null);

    public EntryFlags Flags { get; } = flags;

    public ISymbol? Ring { get; } = ring;

    public SyntaxNode? Prepared { get; } = prepared;

    public bool Has(EntryFlags flags) => (Flags & flags) != 0;

    /// <summary>On all paths: one flag and not its counterpart, and nothing unknown.</summary>
    public bool IsOnly(EntryFlags flag, EntryFlags counterpart) =>
        Has(flag) && !Has(counterpart | EntryFlags.Unknown);

    public EntryState With(EntryFlags add, EntryFlags remove) => new((Flags & ~remove) | add, Ring, Prepared);

    public EntryState PreparedBy(SyntaxNode? call) => new(Flags, Ring, call);

    public EntryState Join(EntryState other) => new(
        Flags | other.Flags,
        SymbolEqualityComparer.Default.Equals(Ring, other.Ring) ? Ring : null,
        Prepared == other.Prepared ? Prepared : null);

    public bool Equals(EntryState other) => Flags == other.Flags
        && SymbolEqualityComparer.Default.Equals(Ring, other.Ring)
        && Prepared == other.Prepared;

    public override bool Equals(object? other) => other is EntryState state && Equals(state);

    public override int GetHashCode() => (int)Flags;
}
