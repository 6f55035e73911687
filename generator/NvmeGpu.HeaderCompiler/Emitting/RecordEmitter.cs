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
    GeneratedFile file, Documentation documentation, Overlay overlay, LibraryModel library)
{
    // The runtime refuses larger inline arrays.
    private const long InlineArrayBytesMax = 1 << 20;

    private const string AlignmentField = "_alignment";

    public void Emit(RecordModel record)
    {
        string kind = record.IsComplete ? (record.IsUnion ? "union" : "struct") : "opaque";
        file.Declare(record.Name, kind, record.Spelling, Dependencies(record), () =>
        {
            documentation.Write(record.Name);
            if (record.IsComplete)
            {
                WriteRecord(record, record.Name, "partial ");
            }
            else
            {
                // Only pointers to it exist: its size is nobody's business.
                file.Line($"partial struct {CSharpNames.Escape(record.Name)}");
                file.Open();
                file.Close();
            }
        });
        file.Line();
    }

    private static IEnumerable<string> Dependencies(RecordModel record) => record.Fields
        .SelectMany(field => CSharpNames.DependenciesOf(field.Type))
        .Concat(record.Nested.SelectMany(Dependencies))
        .Except(record.Nested.Select(nested => nested.Name));

    private void WriteRecord(RecordModel record, string path, string modifiers)
    {
        long natural = NaturalAlignment(record);
        string pack = natural > record.AlignBytes ? $", Pack = {record.AlignBytes}" : "";
        foreach (string attribute in overlay.Attributes(path))
        {
            file.Line($"[{attribute}]");
        }
        file.Line($"[StructLayout(LayoutKind.Explicit, Size = {record.SizeBytes}{pack})]");
        file.Line($"{modifiers}struct {CSharpNames.Escape(record.Name)}");
        file.Open();
        long possible = Math.Min(record.AlignBytes, 8);
        if (natural < possible && record.SizeBytes >= possible)
        {
            // A flexible array or an attribute aligns the type, and no field that C# sees does.
            file.Line("[FieldOffset(0)]");
            file.Line($"private readonly unsafe {IntegerOf(possible)} {AlignmentField};");
            file.Line();
            natural = possible;
        }
        if (natural < record.AlignBytes)
        {
            library.Warnings.Add(
                $"{record.Location}: {path} is aligned to {record.AlignBytes} bytes in C; C# aligns it to "
                + $"{natural}: whoever allocates one must align it");
            file.Line("/// <summary>What C aligns this type to. C# does not: whoever allocates one "
                + "must.</summary>");
            file.Line($"public const int NativeAlignment = {record.AlignBytes};");
            file.Line();
        }

        var units = new SortedSet<BitUnit>();
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

    private void WriteField(RecordModel record, FieldModel field, string path, SortedSet<BitUnit> units)
    {
        // C# does not allow a member to have its type's name.
        string name = field.Name == record.Name ? field.Name + "_" : field.Name;
        documentation.Write($"{path}.{field.Name}");
        if (field.WidthBits is int width)
        {
            WriteBitField(field, name, path, width, units);
            return;
        }

        switch (field.Type)
        {
            case ArrayType { Length: 0 } flexible:
                WriteFlexibleArray(field, name, flexible);
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
        file.Line($"public unsafe {type} {CSharpNames.Escape(name)};");
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

    private void WriteFlexibleArray(FieldModel field, string name, ArrayType array)
    {
        string type = CSharpNames.Of(array.Element) + "*";
        file.Line(
            "/// <safety>The struct lies in native or pinned memory, and the elements behind it.</safety>");
        WriteNativeTypeName(field, type);
        file.Line($"public unsafe {type} {CSharpNames.Escape(name)}");
        file.Open();
        WriteAccessor("get", $"return ({type})((byte*)Unsafe.AsPointer(ref this) + {field.OffsetBits / 8});");
        file.Close();
    }

    private void WriteBuffer(FieldModel field, ArrayType array)
    {
        string buffer = $"_{field.Name}_e__FixedBuffer";
        (long elementBytes, _) = Measure(array.Element);
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
        file.Line($"public struct {buffer}");
        file.Open();
        file.Line($"private {CSharpNames.Of(array.Element)} _element0;");
        file.Close();
    }

    // An inline array may not have pointers as elements.
    private void WritePointerBuffer(string buffer, ArrayType array)
    {
        string type = CSharpNames.Of(array.Element);
        file.Line($"[StructLayout(LayoutKind.Explicit, Size = {array.Length * 8})]");
        file.Line($"public struct {buffer}");
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
        file.Line($"public struct {name}");
        file.Open();
        file.Line("[FieldOffset(0)]");
        file.Line($"private unsafe {IntegerOf(block.AlignBytes)} _element0;");
        file.Close();
    }

    // The smallest aligned unit that holds all of the field's bits, so that a write touches as few neighbours
    // as can be.
    private void WriteBitField(
        FieldModel field, string name, string path, int width, SortedSet<BitUnit> units)
    {
        BitUnit? unit = BitUnit.For(field.OffsetBits, width);
        if (unit is not { } found)
        {
            library.Unbound.Add(new Unbound(
                "bit-field", $"{path}.{field.Name}", "its bits cross every aligned unit of up to 64 bits",
                field.Location));
            return;
        }
        if (units.Add(found))
        {
            file.Line($"[FieldOffset({found.OffsetBytes})]");
            file.Line($"private unsafe {found.Keyword} {found.FieldName};");
            file.Line();
            documentation.Write($"{path}.{field.Name}.bits");
        }

        string type = CSharpNames.Of(field.Type);
        int shift = (int)(field.OffsetBits - (found.OffsetBytes * 8));
        string mask = $"0x{(width == 64 ? ulong.MaxValue : (1UL << width) - 1):X}UL";
        bool isSigned = Underlying(field.Type) is "sbyte" or "short" or "int" or "long" or "nint";
        string read = isSigned
            // Up to the top, and back with the sign.
            ? $"(long)((ulong){found.FieldName} << {64 - shift - width}) >> {64 - width}"
            : $"((ulong){found.FieldName} >> {shift}) & {mask}";
        foreach (string attribute in overlay.Attributes($"{path}.{field.Name}"))
        {
            file.Line($"[{attribute}]");
        }
        WriteNativeTypeName(field, "");
        file.Line($"public unsafe {type} {CSharpNames.Escape(name)}");
        file.Open();
        WriteAccessor("readonly get", $"return unchecked(({type})({read}));");
        WriteAccessor(
            "set",
            $"{found.FieldName} = unchecked(({found.Keyword})(((ulong){found.FieldName} & ~({mask} << "
                + $"{shift}))",
            $"    | (((ulong)value & {mask}) << {shift})));");
        file.Close();
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

    private static long NaturalAlignment(RecordModel record) => record.Fields
        .Where(field => field.Type is not ArrayType { Length: 0 })
        .Select(field => field.WidthBits is int width
            ? BitUnit.For(field.OffsetBits, width)?.SizeBytes ?? 1
            : Measure(field.Type).Align)
        .DefaultIfEmpty(1)
        .Max();

    // Size and alignment in C#, for the types that a field can have.
    private static (long Size, long Align) Measure(NativeType type) => type switch
    {
        PrimitiveType primitive => (primitive.SizeBytes, primitive.SizeBytes),
        EnumType { Enum: var model } => (model.Underlying.SizeBytes, model.Underlying.SizeBytes),
        ArrayType array => (Measure(array.Element).Size * array.Length, Measure(array.Element).Align),
        OpaqueBlockType block => (block.SizeBytes, Math.Min(block.AlignBytes, 8)),
        RecordType { Record: var record } =>
            (record.SizeBytes, Math.Min(record.AlignBytes, 8)),
        _ => (8, 8),
    };
}
