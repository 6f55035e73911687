using System.Collections.Generic;

namespace NvmeGpu.HeaderCompiler.Model;

/// <summary>
/// A C type as far as C# must know it. Typedefs are resolved; their spelling is kept by whoever uses them.
/// </summary>
internal abstract record NativeType;

/// <summary>A type with a C# keyword: <c>uint</c>, <c>void</c>, <c>nuint</c>.</summary>
internal sealed record PrimitiveType(string Keyword, int SizeBytes) : NativeType
{
    public static readonly PrimitiveType Void = new("void", 0);

    public bool IsUnsigned => Keyword is "byte" or "ushort" or "uint" or "ulong" or "nuint";
}

internal sealed record PointerType(NativeType Target) : NativeType;

internal sealed record FunctionPointerType(
    NativeType Result, IReadOnlyList<NativeType> Parameters) : NativeType;

/// <summary>A struct or union, complete or not.</summary>
internal sealed record RecordType(RecordModel Record) : NativeType;

internal sealed record EnumType(EnumModel Enum) : NativeType;

/// <summary>
/// An array of known length; dimensions are multiplied out. Length 0: a flexible or zero-length array.
/// </summary>
internal sealed record ArrayType(NativeType Element, long Length) : NativeType;

/// <summary>
/// What C# has no type for (<c>long double</c>, <c>__int128</c>, vectors): bytes of the right size.
/// </summary>
internal sealed record OpaqueBlockType(string Spelling, int SizeBytes, int AlignBytes) : NativeType;
