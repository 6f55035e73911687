using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Writes structs and unions: explicit layout, clang's size and offsets, members of anonymous parents
/// flattened.
/// </summary>
internal sealed class RecordEmitter(
    GeneratedFile file, Documentation documentation, Overlay overlay, LibraryModel library,
        Accessibility accessibility)
{
    // The runtime refuses larger inline arrays.
    private const long InlineArrayBytesMax = 1 << 20;

    private const string AlignmentField = "_alignment";

    // The access of the field that is being written, and of what it is made of.
    private string _access = "public";

    public void Emit(RecordModel record)
    {
        string kind = record.IsComplete ? (record.IsUnion ? "union" : "struct") : "opaque";
        file.Declare(record.Name, kind, record.Spelling, Dependencies(record), () =>
        {
            documentation.Write(record.Name);
            string modifiers = accessibility.OfType(record.Name) is { } access
                ? access + " partial " : "partial ";
            if (record.IsComplete)
            {
                WriteRecord(record, record.Name, modifiers);
            }
            else
            {
                // Only pointers to it exist: its size is nobody's business.
                file.Line($"{modifiers}struct {CSharpNames.Escape(record.Name)}");
                file.Open();
                file.Close();
            }
        });
        file.Line();
    }

    public static IEnumerable<string> Dependencies(RecordModel record) => record.Fields
        .SelectMany(field => CSharpNames.DependenciesOf(field.Type))
        .Concat(record.Nested.SelectMany(Dependencies))
        .Except(record.Nested.Select(nested => nested.Name));

    private void WriteRecord(RecordModel record, string path, string modifiers)
    {
        long natural = CSharpLayout.NaturalAlignment(record);
        string pack = natural > record.AlignBytes ? $", Pack = {record.AlignBytes}" : "";
        foreach (string attribute in overlay.Attributes(path))
        {
            file.Line($"[{attribute}]");
        }
        file.Line($"[StructLayout(LayoutKind.Explicit, Size = {record.SizeBytes}{pack})]");
        file.Line($"{modifiers}struct {CSharpNames.Escape(record.Name)}");
        file.Open();
        long actual = CSharpLayout.Alignment(record);
        if (natural < actual)
        {
            // A flexible array or an attribute aligns the type, and no field that C# sees does.
            file.Line("[FieldOffset(0)]");
            file.Line($"private readonly unsafe {IntegerOf(actual)} {AlignmentField};");
            file.Line();
        }
        if (record.SizeBytes == 0)
        {
            library.Warnings.Add(
                $"{record.Location}: {path} has 0 bytes in C; a C# struct has at least 1: use pointers to "
                + "it, "
                + "and NativeSize in place of sizeof");
            file.Line("/// <summary>The size of this type in C. C# has no empty structs: its sizeof says "
                + "1.</summary>");
            file.Line("public const int NativeSize = 0;");
            file.Line();
        }
        if (actual < record.AlignBytes)
        {
            library.Warnings.Add(
                $"{record.Location}: {path} is aligned to {record.AlignBytes} bytes in C; C# aligns it to "
                + $"{actual}: whoever allocates one must align it");
            file.Line("/// <summary>What C aligns this type to. C# does not: whoever allocates one "
                + "must.</summary>");
            file.Line($"public const int NativeAlignment = {record.AlignBytes};");
            file.Line();
        }

        var units = new HashSet<BitUnit>();
        bool isFirst = true;
        foreach (FieldModel field in record.Fields)
        {
            if (!isFirst)
            {
                file.Line();
            }
            isFirst = false;
            WriteField(record, field, path, units);
        }
        foreach (RecordModel nested in record.Nested)
        {
            file.Line();
            WriteRecord(nested, $"{path}.{nested.Name}", "public ");
        }
        file.Close();
    }

    private void WriteField(RecordModel record, FieldModel field, string path, HashSet<BitUnit> units)
    {
        _access = accessibility.OfMember(
            path.Split('.')[0], $"{path}.{field.Name}",
            CSharpNames.DependenciesOf(field.Type).Except(record.Nested.Select(nested => nested.Name)));
        // C# does not allow a member to have its type's name.
        string name = field.Name == record.Name ? field.Name + "_" : field.Name;
        documentation.Write($"{path}.{field.Name}");
        if (field.WidthBits is int width)
        {
            WriteBitField(record, field, name, path, width, units);
            return;
        }

        switch (field.Type)
        {
            case var type when CSharpLayout.HasNoBytes(type):
                WriteFlexibleArray(field, name, type is ArrayType flexible ? flexible.Element : type);
                break;
            case ArrayType array:
                WriteFieldLine(field, path, $"_{field.Name}_e__FixedBuffer", name);
                file.Line();
                WriteBuffer(field, array);
                break;
            case OpaqueBlockType block:
                WriteFieldLine(field, path, $"_{field.Name}_e__Opaque", name);
                file.Line();
                WriteOpaqueBlock($"_{field.Name}_e__Opaque", block);
                break;
            default:
                WriteFieldLine(field, path, CSharpNames.Of(field.Type), name);
                break;
        }
    }

    private void WriteFieldLine(FieldModel field, string path, string type, string name)
    {
        foreach (string attribute in overlay.Attributes($"{path}.{field.Name}"))
        {
            file.Line($"[{attribute}]");
        }
        file.Line($"[FieldOffset({field.OffsetBits / 8})]");
        WriteNativeTypeName(field, type);
        // `unsafe`: fields overlap, so a write to one may break another (C# 15 asks for the word).
        file.Line($"{_access} unsafe {type} {CSharpNames.Escape(name)};");
    }

    private void WriteNativeTypeName(FieldModel field, string type)
    {
        string spelling = field.WidthBits is int width
            ? $"{field.TypeSpelling} : {width}" : field.TypeSpelling;
        if (spelling != type && field.TypeSpelling.Length > 0)
        {
            file.Line($"[NativeTypeName({CSharpNames.Quote(spelling)})]");
        }
    }

    // It has no bytes: a flexible or zero-length array, or an empty struct.
    private void WriteFlexibleArray(FieldModel field, string name, NativeType element)
    {
        string type = CSharpNames.Of(element) + "*";
        file.Line(
            "/// <safety>The struct lies in native or pinned memory, and the elements behind it.</safety>");
        WriteNativeTypeName(field, type);
        file.Line($"{_access} unsafe {type} {CSharpNames.Escape(name)}");
        file.Open();
        WriteAccessor("get", $"return ({type})((byte*)Unsafe.AsPointer(ref this) + {field.OffsetBits / 8});");
        file.Close();
    }

    private void WriteBuffer(FieldModel field, ArrayType array)
    {
        string buffer = $"_{field.Name}_e__FixedBuffer";
        (long elementBytes, _) = CSharpLayout.Measure(array.Element);
        if (array.Element is OpaqueBlockType block)
        {
            WriteOpaqueBlock(buffer, block with { SizeBytes = block.SizeBytes * (int)array.Length });
            return;
        }
        if (array.Element is PointerType or FunctionPointerType)
        {
            WritePointerBuffer(buffer, array);
            return;
        }
        if (elementBytes * array.Length > InlineArrayBytesMax)
        {
            library.Warnings.Add(
                $"{field.Location}: the array {field.Name} has more than {InlineArrayBytesMax} bytes, the "
                + "most that an inline array may have: bound as opaque bytes");
            WriteOpaqueBlock(
                buffer, new OpaqueBlockType("", (int)(elementBytes * array.Length), (int)elementBytes));
            return;
        }
        file.Line($"[InlineArray({array.Length})]");
        file.Line($"{_access} struct {buffer}");
        file.Open();
        file.Line($"private {CSharpNames.Of(array.Element)} _element0;");
        file.Close();
    }

    // An inline array may not have pointers as elements.
    private void WritePointerBuffer(string buffer, ArrayType array)
    {
        string type = CSharpNames.Of(array.Element);
        file.Line($"[StructLayout(LayoutKind.Explicit, Size = {array.Length * 8})]");
        file.Line($"{_access} struct {buffer}");
        file.Open();
        file.Line("[FieldOffset(0)]");
        file.Line($"public unsafe {type} _element0;");
        file.Line();
        file.Line("/// <safety>The struct lies in native or pinned memory.</safety>");
        file.Line($"public unsafe ref {type} this[int index]");
        file.Open();
        file.Line("get");
        file.Open();
        file.Line($"ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, {array.Length}u);");
        file.Line("unsafe");
        file.Open();
        file.Line($"return ref (({type}*)Unsafe.AsPointer(ref this))[index];");
        file.Close();
        file.Close();
        file.Close();
        file.Close();
    }

    private void WriteOpaqueBlock(string name, OpaqueBlockType block)
    {
        file.Line($"[StructLayout(LayoutKind.Explicit, Size = {block.SizeBytes})]");
        file.Line($"{_access} struct {name}");
        file.Open();
        file.Line("[FieldOffset(0)]");
        file.Line($"private unsafe {IntegerOf(block.AlignBytes)} _element0;");
        file.Close();
    }

    // Over the smallest aligned unit that holds all of the field's bits, so that a write touches as few
    // neighbours as can be; in packed structs over several units where no single one does.
    private void WriteBitField(
        RecordModel record, FieldModel field, string name, string path, int width, HashSet<BitUnit> units)
    {
        if (field.Type is OpaqueBlockType block)
        {
            library.Unbound.Add(new Unbound(
                "bit-field", $"{path}.{field.Name}", $"C# has no form for {block.Spelling}", field.Location));
            return;
        }
        IReadOnlyList<BitPiece> pieces = BitPiece.Of(field.OffsetBits, width, record.SizeBytes);
        foreach (BitUnit unit in pieces.Select(piece => piece.Unit).Where(units.Add))
        {
            file.Line($"[FieldOffset({unit.OffsetBytes})]");
            file.Line($"private unsafe {unit.Keyword} {unit.FieldName};");
            file.Line();
            documentation.Write($"{path}.{field.Name}.bits");
        }

        string type = CSharpNames.Of(field.Type);
        bool isSigned = Underlying(field.Type) is "sbyte" or "short" or "int" or "long" or "nint";
        foreach (string attribute in overlay.Attributes($"{path}.{field.Name}"))
        {
            file.Line($"[{attribute}]");
        }
        WriteNativeTypeName(field, "");
        file.Line($"{_access} unsafe {type} {CSharpNames.Escape(name)}");
        file.Open();
        if (pieces is [BitPiece only])
        {
            string read = isSigned
                // Up to the top, and back with the sign.
                ? $"(long)((ulong){only.Unit.FieldName} << {64 - only.Shift - width}) >> {64 - width}"
                : $"((ulong){only.Unit.FieldName} >> {only.Shift}) & {only.Mask}";
            WriteAccessor("readonly get", $"return unchecked(({type})({read}));");
        }
        else
        {
            string bits = string.Join(" | ", pieces.Select(piece =>
                $"((((ulong){piece.Unit.FieldName} >> {piece.Shift}) & {piece.Mask}) << "
                + $"{piece.ValueShift})"));
            string read = isSigned ? $"(long)(bits << {64 - width}) >> {64 - width}" : "bits";
            WriteAccessor("readonly get", $"ulong bits = {bits};", $"return unchecked(({type})({read}));");
        }
        WriteAccessor("set", [.. pieces.SelectMany(Write)]);
        file.Close();
    }

    private static string[] Write(BitPiece piece)
    {
        string field = piece.Unit.FieldName;
        string value = piece.ValueShift == 0 ? "(ulong)value" : $"((ulong)value >> {piece.ValueShift})";
        return
        [
            $"{field} = unchecked(({piece.Unit.Keyword})(((ulong){field} & ~({piece.Mask} << {piece.Shift}))",
            $"    | (({value} & {piece.Mask}) << {piece.Shift})));",
        ];
    }

    // The block, since C# 15 takes `unsafe` on the member for a demand on its callers only.
    private void WriteAccessor(string accessor, params string[] statement)
    {
        file.Line(accessor);
        file.Open();
        file.Line("unsafe");
        file.Open();
        foreach (string line in statement)
        {
            file.Line(line);
        }
        file.Close();
        file.Close();
    }

    private static string IntegerOf(long bytes) =>
        bytes switch { >= 8 => "ulong", 4 => "uint", 2 => "ushort", _ => "byte" };

    private static string Underlying(NativeType type) => type switch
    {
        EnumType { Enum: var model } => model.Underlying.Keyword,
        PrimitiveType primitive => primitive.Keyword,
        _ => "",
    };
}
