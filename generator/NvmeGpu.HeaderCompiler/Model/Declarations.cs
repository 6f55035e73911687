using System.Collections.Generic;
using NvmeGpu.HeaderCompiler.Clang;

namespace NvmeGpu.HeaderCompiler.Model;

/// <summary>A struct or union with the sizes and offsets that clang computed.</summary>
internal sealed class RecordModel
{
    /// <summary>The C# name; for a type without a tag, made from the field that has it.</summary>
    public required string Name { get; set; }

    /// <summary>
    /// As C spells it: <c>struct iovec</c>, or a typedef's name. Empty for a nested type without a tag.
    /// </summary>
    public required string Spelling { get; init; }

    public required SourceLocation Location { get; init; }

    public required bool IsUnion { get; init; }

    /// <summary>False for an opaque handle: declared, never defined.</summary>
    public bool IsComplete { get; set; }

    public long SizeBytes { get; set; }

    public long AlignBytes { get; set; }

    /// <summary>
    /// Members of anonymous structs and unions included, with offsets from the start of this record.
    /// </summary>
    public List<FieldModel> Fields { get; } = [];

    /// <summary>Types without a tag that a field of this record has.</summary>
    public List<RecordModel> Nested { get; } = [];
}

internal sealed class FieldModel
{
    public required string Name { get; init; }

    public required NativeType Type { get; init; }

    /// <summary>The type as the header writes it.</summary>
    public required string TypeSpelling { get; init; }

    public required long OffsetBits { get; init; }

    /// <summary>Null for anything but a bit-field.</summary>
    public int? WidthBits { get; init; }

    public required SourceLocation Location { get; init; }
}

internal sealed class EnumModel
{
    public required string Name { get; init; }

    /// <summary>
    /// As C spells it; empty for an enum without a tag or typedef, whose members are plain constants.
    /// </summary>
    public required string Spelling { get; init; }

    public required PrimitiveType Underlying { get; init; }

    public required SourceLocation Location { get; init; }

    public required List<EnumMember> Members { get; init; }

    public bool IsAnonymous => Spelling.Length == 0;
}

internal readonly record struct EnumMember(string Name, long Value, string CName);

internal sealed record FunctionModel(
    string Name,
    NativeType Result,
    string ResultSpelling,
    IReadOnlyList<ParameterModel> Parameters,
    SourceLocation Location)
{
    /// <summary>The name that the library exports, where a remap gave it another one in C#.</summary>
    public string ExportedName { get; init; } = Name;
}

internal sealed record ParameterModel(string Name, NativeType Type, string TypeSpelling);

/// <summary>What a constant's C# form is.</summary>
internal enum ConstantKind
{
    Integer,
    Floating,
    Text,
    Pointer,
}

/// <summary>An object-like macro or a member of an enum without a name.</summary>
/// <param name="Bits">The value of an integer or pointer, sign-extended to 64 bits.</param>
/// <param name="Expression">The macro's body without comments; null for enum members.</param>
internal sealed record ConstantModel(
    string Name,
    ConstantKind Kind,
    NativeType Type,
    ulong Bits,
    double Floating,
    string Text,
    string? Expression,
    SourceLocation Location)
{
    /// <summary>The macro's or enumerator's own name, where a remap gave it another one in C#.</summary>
    public string CName { get; init; } = Name;
}

/// <summary>
/// A macro that only gives another name to a function: <c>cuMemAlloc</c> for <c>cuMemAlloc_v2</c>.
/// </summary>
internal sealed record FunctionAlias(string Name, string Target, SourceLocation Location);

/// <summary>Something of the requested headers that has no C# form, and why.</summary>
internal sealed record Unbound(string Kind, string Name, string Reason, SourceLocation Location);

/// <summary>Everything that one library's headers gave.</summary>
internal sealed class LibraryModel
{
    public List<RecordModel> Records { get; } = [];

    public List<EnumModel> Enums { get; } = [];

    public List<ConstantModel> Constants { get; } = [];

    public List<FunctionModel> Functions { get; } = [];

    public List<FunctionAlias> Aliases { get; } = [];

    public List<Unbound> Unbound { get; } = [];

    /// <summary>Constructs that were bound in a reduced form.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Every header that was read.</summary>
    public IReadOnlyList<string> Files { get; set; } = [];
}
