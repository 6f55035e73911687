using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// The types of the class library that make, pin or reinterpret memory; looked up once per compilation.
/// </summary>
internal sealed class KnownTypes
{
    // What is found in a compilation never changes; each rule asks for it.
    private static readonly ConditionalWeakTable<Compilation, KnownTypes> s_known = new();

    private KnownTypes(Compilation compilation)
    {
        Unsafe = compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.Unsafe");
        MemoryMarshal = compilation.GetTypeByMetadataName("System.Runtime.InteropServices.MemoryMarshal");
        CollectionsMarshal =
            compilation.GetTypeByMetadataName("System.Runtime.InteropServices.CollectionsMarshal");
        Marshal = compilation.GetTypeByMetadataName("System.Runtime.InteropServices.Marshal");
        NativeMemory = compilation.GetTypeByMetadataName("System.Runtime.InteropServices.NativeMemory");
        SafeHandle = compilation.GetTypeByMetadataName("System.Runtime.InteropServices.SafeHandle");
        GCHandle = compilation.GetTypeByMetadataName("System.Runtime.InteropServices.GCHandle");
        PinnedGCHandle = compilation.GetTypeByMetadataName("System.Runtime.InteropServices.PinnedGCHandle`1");
        GC = compilation.GetTypeByMetadataName("System.GC");
        ArrayPool = compilation.GetTypeByMetadataName("System.Buffers.ArrayPool`1");
        Span = compilation.GetTypeByMetadataName("System.Span`1");
        ReadOnlySpan = compilation.GetTypeByMetadataName("System.ReadOnlySpan`1");
        MemoryExtensions = compilation.GetTypeByMetadataName("System.MemoryExtensions");
        Memory = compilation.GetTypeByMetadataName("System.Memory`1");
        ReadOnlyMemory = compilation.GetTypeByMetadataName("System.ReadOnlyMemory`1");
    }

    public static KnownTypes Of(Compilation compilation) =>
        s_known.GetValue(compilation, static one => new KnownTypes(one));

    public INamedTypeSymbol? Unsafe { get; }

    public INamedTypeSymbol? MemoryMarshal { get; }

    public INamedTypeSymbol? CollectionsMarshal { get; }

    public INamedTypeSymbol? Marshal { get; }

    public INamedTypeSymbol? NativeMemory { get; }

    public INamedTypeSymbol? SafeHandle { get; }

    public INamedTypeSymbol? GCHandle { get; }

    public INamedTypeSymbol? PinnedGCHandle { get; }

    public INamedTypeSymbol? GC { get; }

    public INamedTypeSymbol? ArrayPool { get; }

    public INamedTypeSymbol? Span { get; }

    public INamedTypeSymbol? ReadOnlySpan { get; }

    public INamedTypeSymbol? MemoryExtensions { get; }

    public INamedTypeSymbol? Memory { get; }

    public INamedTypeSymbol? ReadOnlyMemory { get; }

    public bool IsSpan(ITypeSymbol? type) => type is not null && (Is(type, Span) || Is(type, ReadOnlySpan));

    public bool IsMemory(ITypeSymbol? type) =>
        type is not null && (Is(type, Memory) || Is(type, ReadOnlyMemory));

    public static bool Is(ITypeSymbol? type, INamedTypeSymbol? known) =>
        type is not null && known is not null
            && SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, known);
}
