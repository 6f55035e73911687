using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Reading;

/// <summary>
/// Translates clang's types to ours, and reads the structs and enums that they name when first met.
/// </summary>
internal sealed class TypeReader(LibraryModel library, CompilerOptions options, Overlay overlay)
{
    // Typedefs whose meaning is a width or a pointer's width, whatever `long` is on the target.
    private static readonly Dictionary<string, PrimitiveType> s_wellKnown = new()
    {
        ["int8_t"] = new("sbyte", 1),
        ["uint8_t"] = new("byte", 1),
        ["int16_t"] = new("short", 2),
        ["uint16_t"] = new("ushort", 2),
        ["int32_t"] = new("int", 4),
        ["uint32_t"] = new("uint", 4),
        ["int64_t"] = new("long", 8),
        ["uint64_t"] = new("ulong", 8),
        ["off64_t"] = new("long", 8),
        ["__off64_t"] = new("long", 8),
        ["loff_t"] = new("long", 8),
        ["__loff_t"] = new("long", 8),
        ["size_t"] = new("nuint", 8),
        ["ssize_t"] = new("nint", 8),
        ["intptr_t"] = new("nint", 8),
        ["uintptr_t"] = new("nuint", 8),
        ["ptrdiff_t"] = new("nint", 8),
    };

    // The runtime refuses larger types (2^27 bytes, less a few that it needs itself).
    private const long RecordBytesMax = (1 << 27) - 16;

    private readonly Dictionary<nint, RecordModel> _records = [];
    private readonly Dictionary<nint, EnumModel> _enums = [];

    /// <summary>
    /// The names that typedefs give to tags, by the tag's identity. Filled before the first type is read.
    /// </summary>
    public Dictionary<nint, string> TypedefNames { get; } = [];

    /// <summary>
    /// The names that typedefs give to tags which have a name of their own already (an overlay's choice).
    /// </summary>
    public Dictionary<nint, string> PreferredNames { get; } = [];

    /// <summary>The declaration that types are read for, to be named in warnings.</summary>
    public SourceLocation At { get; set; }

    /// <exception cref="UnsupportedTypeException">The type has no C# form, not even an opaque
    /// one.</exception>
    public NativeType Read(CXType type)
    {
        if (type.Kind == TypeKind.Typedef
            && s_wellKnown.TryGetValue(WithoutQualifiers(type), out PrimitiveType? wellKnown)
            && LibClang.clang_Type_getSizeOf(type) == wellKnown.SizeBytes)
        {
            return wellKnown;
        }
        return type.Kind switch
        {
            TypeKind.Typedef =>
                Read(LibClang.clang_getTypedefDeclUnderlyingType(LibClang.clang_getTypeDeclaration(type))),
            TypeKind.Elaborated => Read(LibClang.clang_Type_getNamedType(type)),
            TypeKind.Attributed => Read(LibClang.clang_Type_getModifiedType(type)),
            TypeKind.Void => PrimitiveType.Void,
            TypeKind.Bool => new PrimitiveType("byte", 1),
            // Plain char is signed on x86-64 and not on aarch64: one form for both, since text is what it
            // holds.
            TypeKind.CharS or TypeKind.CharU or TypeKind.SChar => new PrimitiveType("sbyte", 1),
            TypeKind.UChar => new PrimitiveType("byte", 1),
            TypeKind.Short => new PrimitiveType("short", 2),
            TypeKind.UShort => new PrimitiveType("ushort", 2),
            TypeKind.Int or TypeKind.WChar => Sized(type, "int", 4),
            TypeKind.UInt => new PrimitiveType("uint", 4),
            TypeKind.Long => Sized(type, "nint", 8),
            TypeKind.ULong => Sized(type, "nuint", 8),
            TypeKind.LongLong => new PrimitiveType("long", 8),
            TypeKind.ULongLong => new PrimitiveType("ulong", 8),
            TypeKind.Float => new PrimitiveType("float", 4),
            TypeKind.Double => new PrimitiveType("double", 8),
            TypeKind.Pointer => ReadPointer(LibClang.clang_getPointeeType(type)),
            TypeKind.ConstantArray => ReadArray(type, LibClang.clang_getArraySize(type)),
            TypeKind.IncompleteArray => ReadArray(type, 0),
            TypeKind.Record => new RecordType(ReadRecord(LibClang.clang_getTypeDeclaration(type))),
            TypeKind.Enum => ReadEnumType(LibClang.clang_getTypeDeclaration(type)),
            TypeKind.LongDouble or TypeKind.Int128 or TypeKind.UInt128 or TypeKind.Float128
                or TypeKind.Complex or TypeKind.Half or TypeKind.Float16 or TypeKind.BFloat16
                or TypeKind.Vector or TypeKind.ExtVector or TypeKind.Atomic => ReadOpaqueBlock(type),
            _ when type.Canonical().Kind != type.Kind => Read(type.Canonical()), // typeof, decltype, sugar
            // What libclang shows no kind of and clang knows the size of: _BitInt.
            TypeKind.Unexposed when LibClang.clang_Type_getSizeOf(type) > 0 => ReadOpaqueBlock(type),
            _ => throw new UnsupportedTypeException(type.Spelling()),
        };
    }

    /// <summary>A function's type as a C# function pointer.</summary>
    public FunctionPointerType ReadFunction(CXType type)
    {
        if (LibClang.clang_isFunctionTypeVariadic(type) != 0 && type.Kind == TypeKind.FunctionProto)
        {
            throw new UnsupportedTypeException($"{type.Spelling()} (variadic)");
        }
        var parameters = new List<NativeType>();
        int count = Math.Max(LibClang.clang_getNumArgTypes(type), 0);
        for (uint i = 0; i < count; i++)
        {
            parameters.Add(AsParameter(Read(LibClang.clang_getArgType(type, i))));
        }
        return new FunctionPointerType(AsParameter(Read(LibClang.clang_getResultType(type))), parameters);
    }

    /// <summary>An array parameter is a pointer; an opaque block may not be passed by value.</summary>
    public static NativeType AsParameter(NativeType type) => type switch
    {
        ArrayType array => new PointerType(array.Element),
        OpaqueBlockType block => throw new UnsupportedTypeException($"{block.Spelling} by value"),
        RecordType { Record: { IsComplete: true, SizeBytes: 0 } empty } =>
            throw new UnsupportedTypeException($"{empty.Name} by value, which has no bytes"),
        RecordType { Record.IsComplete: false } opaque =>
            throw new UnsupportedTypeException(
                $"{opaque.Record.Name} by value, of which only the name is known"),
        _ => type,
    };

    /// <summary>Reads a struct or union once; later calls return the same model.</summary>
    public RecordModel ReadRecord(CXCursor declaration)
    {
        nint identity = declaration.Identity();
        if (_records.TryGetValue(identity, out RecordModel? known))
        {
            return known;
        }

        CXCursor definition = LibClang.clang_getCursorDefinition(declaration);
        bool isDefined = LibClang.clang_Cursor_isNull(definition) == 0;
        CXCursor cursor = isDefined ? definition : declaration;
        // What va_list points to is the compiler's own, in no header, and no other compiler's.
        bool isComplete = isDefined && cursor.Location().File.Length > 0;
        bool isUnion = cursor.Kind == CursorKind.UnionDecl;
        (string name, string spelling) = NameOf(cursor, isUnion ? "union" : "struct");
        var record = new RecordModel
        {
            Name = name,
            Spelling = spelling,
            Location = cursor.Location(),
            IsUnion = isUnion,
            IsComplete = isComplete,
        };
        _records.Add(identity, record); // before its fields: a struct may point to itself
        if (isComplete)
        {
            SourceLocation at = At;
            new RecordReader(this, library).ReadInto(record, cursor.Type());
            At = at;
            if (record.SizeBytes > RecordBytesMax)
            {
                record.IsComplete = false;
                record.Fields.Clear();
                record.Nested.Clear();
                library.Unbound.Add(new Unbound(
                    "type", spelling.Length > 0 ? spelling : "a nested type",
                    $"has {record.SizeBytes} bytes, more than the {RecordBytesMax} that the runtime can "
                    + "load: only "
                        + "pointers to it are bound",
                    record.Location));
            }
        }
        if (name.Length > 0 && !options.IsExcluded(name))
        {
            library.Records.Add(record);
        }
        return record;
    }

    public EnumModel ReadEnum(CXCursor declaration)
    {
        nint identity = declaration.Identity();
        if (_enums.TryGetValue(identity, out EnumModel? known))
        {
            return known;
        }
        CXCursor definition = LibClang.clang_getCursorDefinition(declaration);
        CXCursor cursor = LibClang.clang_Cursor_isNull(definition) == 0 ? definition : declaration;
        (string name, string spelling) = NameOf(cursor, "enum");
        NativeType underlying = Read(LibClang.clang_getEnumDeclIntegerType(cursor).Canonical());
        var model = new EnumModel
        {
            Name = name,
            Spelling = spelling,
            Underlying = EnumBase(name, AsEnumBase((PrimitiveType)underlying), cursor),
            Location = cursor.Location(),
            Members = [.. cursor.Children()
                .Where(child => child.Kind == CursorKind.EnumConstantDecl)
                .Select(child => new EnumMember(
                    options.Rename(child.Spelling()), ValueOf(child, (PrimitiveType)underlying),
                    child.Spelling()))],
        };
        _enums.Add(identity, model);
        if (!options.IsExcluded(name))
        {
            library.Enums.Add(model);
        }
        return model;
    }

    public void Warn(SourceLocation location, string construct) =>
        library.Warnings.Add($"{location}: {construct}");

    // The signed form widens 0x80000000 of an unsigned enum as if it were negative.
    private static long ValueOf(CXCursor enumerator, PrimitiveType underlying) => underlying.IsUnsigned
        ? (long)LibClang.clang_getEnumConstantDeclUnsignedValue(enumerator)
        : LibClang.clang_getEnumConstantDeclValue(enumerator);

    private PrimitiveType EnumBase(string name, PrimitiveType ofC, CXCursor cursor)
    {
        PrimitiveType type = overlay.ConstantType(name) ?? ofC;
        return type.SizeBytes == ofC.SizeBytes
            ? type
            : throw new CompilerException(
                $"{cursor.Location()}: the enum {name} has {ofC.SizeBytes} bytes in C, and {type.Keyword}, "
                + "which "
                    + $"--with-type or the overlay gives it, has {type.SizeBytes}; choose a type of its "
                    + "size");
    }

    // C# allows no nint below an enum; on every target here `long` is 64 bits wide.
    private static PrimitiveType AsEnumBase(PrimitiveType type) => type.Keyword switch
    {
        "nint" => new PrimitiveType("long", 8),
        "nuint" => new PrimitiveType("ulong", 8),
        _ => type,
    };

    private NativeType ReadEnumType(CXCursor declaration)
    {
        EnumModel model = ReadEnum(declaration);
        return model.IsAnonymous ? model.Underlying : new EnumType(model);
    }

    private NativeType ReadPointer(CXType target)
    {
        CXType canonical = target.Canonical();
        if (canonical.Kind is TypeKind.FunctionProto or TypeKind.FunctionNoProto)
        {
            try
            {
                return ReadFunction(canonical);
            }
            catch (UnsupportedTypeException unsupported)
            {
                // The pointer itself has a size; who calls through it must know better than C# does.
                Warn(At, $"pointer to function: {unsupported.Message}; bound as void*");
                return new PointerType(PrimitiveType.Void);
            }
        }
        return Read(target) switch
        {
            ArrayType array => new PointerType(array.Element),
            OpaqueBlockType => new PointerType(PrimitiveType.Void),
            NativeType type => new PointerType(type),
        };
    }

    private ArrayType ReadArray(CXType type, long length)
    {
        NativeType element = Read(LibClang.clang_getArrayElementType(type));
        return element is ArrayType inner
            ? new ArrayType(inner.Element, inner.Length * length)
            : new ArrayType(element, length);
    }

    private static OpaqueBlockType ReadOpaqueBlock(CXType type) => new(
        type.Spelling(), (int)LibClang.clang_Type_getSizeOf(type), (int)LibClang.clang_Type_getAlignOf(type));

    private static PrimitiveType Sized(CXType type, string keyword, int sizeBytes)
    {
        long actual = LibClang.clang_Type_getSizeOf(type);
        return actual == sizeBytes
            ? new PrimitiveType(keyword, sizeBytes)
            : throw new UnsupportedTypeException(
            $"{type.Spelling()} of {actual} bytes (only 64-bit targets are bound)");
    }

    // A tag's own name, or the name that a typedef gives to a type without a tag.
    private (string Name, string Spelling) NameOf(CXCursor cursor, string keyword)
    {
        nint identity = cursor.Identity();
        bool hasTag = LibClang.clang_Cursor_isAnonymous(cursor) == 0 && IsIdentifier(cursor.Spelling())
            && !IsNamedByTypedefOnly(cursor);
        if (PreferredNames.TryGetValue(identity, out string? preferred))
        {
            return Named(preferred, hasTag ? $"{keyword} {cursor.Spelling()}" : preferred);
        }
        if (hasTag)
        {
            return Named(cursor.Spelling(), $"{keyword} {cursor.Spelling()}");
        }
        return TypedefNames.TryGetValue(identity, out string? typedef) ? Named(typedef, typedef) : ("", "");

        (string, string) Named(string name, string spelling) => (options.Rename(name, spelling), spelling);
    }

    // Since clang 16 a type without a tag is spelled as the typedef that names it, but its extent starts
    // `struct {`.
    private bool IsNamedByTypedefOnly(CXCursor cursor) =>
        TypedefNames.TryGetValue(cursor.Identity(), out string? typedef)
        && typedef == cursor.Spelling()
        && !cursor.Type().Canonical().Spelling().Contains(' ');

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string WithoutQualifiers(CXType type) =>
        LibClang.clang_getUnqualifiedType(type).Spelling();
}

/// <summary>A C type without a C# form. Caught where the declaration that needs it is given up.</summary>
internal sealed class UnsupportedTypeException(string construct) : Exception(
    $"C# has no form for {construct}");
