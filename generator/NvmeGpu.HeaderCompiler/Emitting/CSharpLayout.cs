using System;
using System.Linq;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>Sizes and alignments that the C# runtime gives to what is written.</summary>
internal static class CSharpLayout
{
    // The runtime aligns nothing that is made of integers and pointers to more.
    private const int AlignmentMax = 8;

    /// <summary>Whether a field of this type has a place and no bytes.</summary>
    public static bool HasNoBytes(NativeType type) => type switch
    {
        ArrayType array => array.Length == 0 || HasNoBytes(array.Element),
        RecordType { Record: var record } => record is { IsComplete: true, SizeBytes: 0 },
        _ => false,
    };

    /// <summary>What the fields alone give.</summary>
    public static long NaturalAlignment(RecordModel record) => record.Fields
        .Where(field => !HasNoBytes(field.Type) && field is not { WidthBits: int, Type: OpaqueBlockType })
        .Select(field => field.WidthBits is int width
            ? BitPiece.Of(field.OffsetBits, width, record.SizeBytes).Max(piece => piece.Unit.SizeBytes)
            : Measure(field.Type).Align)
        .DefaultIfEmpty(1)
        .Max();

    /// <summary>
    /// What C# gives to the type: C's alignment (less by packing, more by an integer at its beginning), up to
    /// what an integer has. An empty struct has no room for one.
    /// </summary>
    public static long Alignment(RecordModel record) =>
        record.SizeBytes == 0 ? 1 : Math.Min(record.AlignBytes, AlignmentMax);

    /// <summary>Size and alignment, for the types that a field can have.</summary>
    public static (long Size, long Align) Measure(NativeType type) => type switch
    {
        PrimitiveType primitive => (primitive.SizeBytes, primitive.SizeBytes),
        EnumType { Enum: var model } => (model.Underlying.SizeBytes, model.Underlying.SizeBytes),
        ArrayType array => (Measure(array.Element).Size * array.Length, Measure(array.Element).Align),
        OpaqueBlockType block => (block.SizeBytes, Math.Min(block.AlignBytes, AlignmentMax)),
        RecordType { Record: var record } => (record.SizeBytes, Alignment(record)),
        _ => (8, 8),
    };
}
