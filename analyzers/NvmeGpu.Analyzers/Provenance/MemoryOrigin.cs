using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>What is certain about the memory behind an address.</summary>
internal enum MemoryKind
{
    /// <summary>Nothing, so every rule stays silent.</summary>
    Unknown = 0,

    /// <summary>The null address or zero.</summary>
    Null,

    /// <summary>On the garbage-collected heap and not pinned.</summary>
    Movable,

    /// <summary>
    /// No address but the number of a GCHandle: right where it is only given back (user_data).
    /// </summary>
    HandleNumber,

    /// <summary>A managed array on the pinned object heap, or one held by a pinning handle.</summary>
    Pinned,

    /// <summary>From a native allocator.</summary>
    Native,

    /// <summary>On the stack of this method.</summary>
    Stack,

    /// <summary>From an owner that was made in this method.</summary>
    FreshOwner,

    /// <summary>From a value that carries <c>[Registered]</c>.</summary>
    Registered,
}

/// <summary>Where an address comes from.</summary>
internal sealed class MemoryOrigin
{
    public static readonly MemoryOrigin Unknown = new(MemoryKind.Unknown, "");
    public static readonly MemoryOrigin Null = new(MemoryKind.Null, "");

    public MemoryOrigin(MemoryKind kind, string description, IOperation? creation = null)
        : this(kind, description, creation, ImmutableArray<ILocalSymbol>.Empty)
    {
    }

    private MemoryOrigin(
        MemoryKind kind,
        string description,
        IOperation? creation,
        ImmutableArray<ILocalSymbol> through)
    {
        Kind = kind;
        Description = description;
        Creation = creation;
        Through = through;
    }

    public MemoryKind Kind { get; }

    /// <summary>The memory in words, for a message: "the array 'buffer'".</summary>
    public string Description { get; }

    /// <summary>
    /// The expression that allocates the memory, where there is exactly one and it is visible.
    /// </summary>
    public IOperation? Creation { get; }

    /// <summary>The locals between the allocation and the use.</summary>
    public ImmutableArray<ILocalSymbol> Through { get; }

    public MemoryOrigin Via(ILocalSymbol local) => new(Kind, Description, Creation, Through.Add(local));

    /// <summary>One of two allocations of the same kind.</summary>
    public MemoryOrigin Or(MemoryOrigin other) =>
        new(Kind, Description, creation: null, Through.AddRange(other.Through));

    public MemoryOrigin Named(string description) => new(Kind, description, Creation, Through);
}
