using System;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>
/// The type of an expression in a function body: what C says about its values, and the C# type that holds
/// them. Qualifiers are gone, typedefs are resolved.
/// </summary>
/// <param name="Native">The C# form, as signatures and fields have it.</param>
internal abstract record CType(NativeType Native);

internal sealed record CVoid() : CType(PrimitiveType.Void)
{
    public static readonly CVoid Instance = new();
}

/// <summary>
/// A comparison's or a logical operator's value. To C it is an int of 0 or 1; it stays a C# bool until
/// something other than a condition uses it.
/// </summary>
internal sealed record CTruth() : CType(new PrimitiveType("bool", 1))
{
    public static readonly CTruth Instance = new();
}

/// <summary><c>_Bool</c> in memory: a byte of 0 or 1.</summary>
internal sealed record CBool() : CType(new PrimitiveType("byte", 1))
{
    public static readonly CBool Instance = new();
}

internal sealed record CInteger(PrimitiveType Primitive, bool IsSigned) : CType(Primitive)
{
    public static readonly CInteger Int = new(new PrimitiveType("int", 4), IsSigned: true);

    public int SizeBytes => Primitive.SizeBytes;

    public string Keyword => Primitive.Keyword;

    /// <summary>Sign- or zero-extends the low bits that this type has to 64.</summary>
    public ulong Truncate(ulong bits) => (SizeBytes, IsSigned) switch
    {
        (1, true) => unchecked((ulong)(sbyte)bits),
        (1, false) => (byte)bits,
        (2, true) => unchecked((ulong)(short)bits),
        (2, false) => (ushort)bits,
        (4, true) => unchecked((ulong)(int)bits),
        (4, false) => (uint)bits,
        _ => bits,
    };
}

internal sealed record CFloat(PrimitiveType Primitive) : CType(Primitive);

internal sealed record CEnum(EnumModel Enum) : CType(new EnumType(Enum))
{
    /// <summary>The integer type that its values have in memory.</summary>
    public CInteger Integer => new(
        Enum.Underlying,
        IsSigned: Enum.Underlying.Keyword is "sbyte" or "short" or "int" or "long" or "nint");
}

/// <summary>A pointer to anything but a function. A pointer to an array is, in C#, one to its
/// element.</summary>
internal sealed record CPointer(CType Target, NativeType Form) : CType(Form);

/// <summary>A pointer to a function, or the function itself where it is called.</summary>
internal sealed record CFunctionPointer(FunctionPointerType Function, CType Result, CList<CType> Parameters)
    : CType(Function);

/// <summary>
/// An array. Only its elements have a C# form: wherever C uses one, it becomes the address of its first
/// element.
/// </summary>
internal sealed record CArray(CType Element, long Length, NativeType Form) : CType(Form)
{
    /// <summary>How many elements that are no arrays it has.</summary>
    public long FlatLength => Element is CArray inner ? inner.FlatLength * Length : Length;

    /// <summary>The type of those elements.</summary>
    public CType FlatElement => Element is CArray inner ? inner.FlatElement : Element;
}

internal sealed record CRecord(RecordModel Record, Clang.CXType Clang) : CType(new RecordType(Record))
{
    public bool Equals(CRecord? other) => other is not null && ReferenceEquals(Record, other.Record);

    public override int GetHashCode() => Record.Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A list that is equal to another of equal elements.</summary>
internal sealed class CList<T>(params T[] items) : IEquatable<CList<T>>
{
    public int Count => items.Length;

    public T this[int index] => items[index];

    public bool Equals(CList<T>? other) => other is not null && items.AsSpan().SequenceEqual(other.Items);

    public override bool Equals(object? obj) => Equals(obj as CList<T>);

    public override int GetHashCode() => items.Length;

    private T[] Items => items;
}
