using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

internal enum MemoryObjectKind
{
    /// <summary>Came out of code that is not looked into.</summary>
    Unseen,

    /// <summary>What a parameter of the method had when it began.</summary>
    Parameter,

    /// <summary>What a field of the own type had when the method began.</summary>
    Field,

    /// <summary>The pin that a local of a <c>fixed</c> statement is.</summary>
    Fixed,

    /// <summary>A local or a parameter by value, whose address was taken.</summary>
    StackLocal,

    /// <summary>From stackalloc, or the array behind a collection expression of a span.</summary>
    StackBlock,

    /// <summary>From a native allocator.</summary>
    Native,

    /// <summary>A managed array, new or rented.</summary>
    Array,

    /// <summary>A GCHandle, PinnedGCHandle or MemoryHandle.</summary>
    Handle,

    /// <summary>An object that frees its memory when it is disposed.</summary>
    Owner,

    /// <summary>An owner that keeps its memory mapped until the kernel is done, whenever it is disposed.
    /// </summary>
    PatientOwner,
}

/// <summary>
/// One piece of memory, or one thing that holds memory in its place, as the flow analysis sees it: the place
/// in the source where it is made, or the symbol that already has it. There is one instance per place and
/// run, so that references can be compared.
/// </summary>
/// <param name="index">Its place in a <see cref="FlowState"/>.</param>
internal sealed class MemoryObject(MemoryObjectKind kind, ISymbol? symbol, SyntaxNode? origin, int index)
{
    private FlowValue? _value;

    public int Index { get; } = index;

    /// <summary>The address of its start.</summary>
    public FlowValue Value => _value ??= FlowValue.Of(this);

    public MemoryObjectKind Kind { get; } = kind;

    public ISymbol? Symbol { get; } = symbol;

    public SyntaxNode? Origin { get; } = origin;

    public bool IsOnStack => Kind is MemoryObjectKind.StackLocal or MemoryObjectKind.StackBlock;

    /// <summary>
    /// Whether a struct inside it only holds addresses until its own address is handed on. What lies behind a
    /// foreign pointer may be an entry of a ring, which the kernel reads by itself.
    /// </summary>
    public bool IsOwnMemory => Kind is not (MemoryObjectKind.Unseen or MemoryObjectKind.Parameter
        or MemoryObjectKind.Field);

    /// <summary>It exists on every path, also where nothing has been done with it.</summary>
    public bool WasThereBefore => Kind is MemoryObjectKind.Parameter or MemoryObjectKind.Field;
}
