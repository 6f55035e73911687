using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// The types of the class library that make, pin or reinterpret memory; looked up once per compilation.
/// </summary>
internal sealed class KnownTypes(Compilation compilation)
{
    public INamedTypeSymbol? Unsafe { get; } = Find(compilation, "System.Runtime.CompilerServices.Unsafe");

    public INamedTypeSymbol? MemoryMarshal { get; } =
        Find(compilation, "System.Runtime.InteropServices.MemoryMarshal");

    public INamedTypeSymbol? CollectionsMarshal { get; } =
        Find(compilation, "System.Runtime.InteropServices.CollectionsMarshal");

    public INamedTypeSymbol? Marshal { get; } = Find(compilation, "System.Runtime.InteropServices.Marshal");

    public INamedTypeSymbol? NativeMemory { get; } =
        Find(compilation, "System.Runtime.InteropServices.NativeMemory");

    public INamedTypeSymbol? SafeHandle { get; } =
        Find(compilation, "System.Runtime.InteropServices.SafeHandle");

    public INamedTypeSymbol? GCHandle { get; } = Find(compilation, "System.Runtime.InteropServices.GCHandle");

    public INamedTypeSymbol? PinnedGCHandle { get; } =
        Find(compilation, "System.Runtime.InteropServices.PinnedGCHandle`1");

    public INamedTypeSymbol? GC { get; } = Find(compilation, "System.GC");

    public INamedTypeSymbol? ArrayPool { get; } = Find(compilation, "System.Buffers.ArrayPool`1");

    public INamedTypeSymbol? Span { get; } = Find(compilation, "System.Span`1");

    public INamedTypeSymbol? ReadOnlySpan { get; } = Find(compilation, "System.ReadOnlySpan`1");

    public INamedTypeSymbol? MemoryExtensions { get; } = Find(compilation, "System.MemoryExtensions");

    public INamedTypeSymbol? Memory { get; } = Find(compilation, "System.Memory`1");

    public INamedTypeSymbol? ReadOnlyMemory { get; } = Find(compilation, "System.ReadOnlyMemory`1");

    public bool IsSpan(ITypeSymbol? type) => type is not null && (Is(type, Span) || Is(type, ReadOnlySpan));

    public bool IsMemory(ITypeSymbol? type) =>
        type is not null && (Is(type, Memory) || Is(type, ReadOnlyMemory));

    public static bool Is(ITypeSymbol? type, INamedTypeSymbol? known) =>
        type is not null && known is not null
            && SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, known);

    private static INamedTypeSymbol? Find(Compilation compilation, string metadataName) =>
        compilation.GetTypeByMetadataName(metadataName);
}
