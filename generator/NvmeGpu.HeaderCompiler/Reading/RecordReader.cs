using System.Collections.Generic;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Reading;

/// <summary>
/// Reads a struct's or union's members. Every offset is clang's own, relative to the record that declares the
/// member; those of anonymous parents are added up on the way down.
/// </summary>
internal sealed class RecordReader(TypeReader types, LibraryModel library)
{
    public void ReadInto(RecordModel record, CXType type)
    {
        record.SizeBytes = LibClang.clang_Type_getSizeOf(type);
        record.AlignBytes = LibClang.clang_Type_getAlignOf(type);
        ReadMembers(record, type, baseBits: 0);
    }

    private void ReadMembers(RecordModel record, CXType type, long baseBits)
    {
        foreach (CXCursor field in type.Fields())
        {
            long offsetBits = baseBits + LibClang.clang_Cursor_getOffsetOfField(field);
            string name = field.Spelling();
            CXType fieldType = field.Type();
            CXCursor declaration = LibClang.clang_getTypeDeclaration(fieldType.Canonical());
            if (IsAnonymousMember(field, declaration))
            {
                ReadMembers(record, fieldType.Canonical(), offsetBits);
                continue;
            }
            if (name.Length == 0 || name.Contains('('))
            {
                continue; // an unnamed bit-field is padding
            }
            ReadField(record, field, name, fieldType, offsetBits);
        }
    }

    private void ReadField(RecordModel record, CXCursor field, string name, CXType fieldType, long offsetBits)
    {
        SourceLocation location = field.Location();
        types.At = location;
        NativeType type;
        try
        {
            type = types.Read(fieldType);
        }
        catch (UnsupportedTypeException unsupported)
        {
            // The struct keeps its size; only this member has no name in C#.
            library.Unbound.Add(new Unbound("field", $"{record.Name}.{name}", unsupported.Message, location));
            return;
        }

        NativeType inner = type is ArrayType array ? array.Element : type;
        if (inner is RecordType { Record: { SizeBytes: 0, IsComplete: true, Name.Length: 0 } })
        {
            return; // GNU C's empty struct, without a name that anything could be bound to
        }
        if (inner is RecordType { Record: { Name.Length: 0 } nested })
        {
            nested.Name = $"_{name}_e__{(nested.IsUnion ? "Union" : "Struct")}";
            record.Nested.Add(nested);
        }
        if (inner is OpaqueBlockType block)
        {
            types.Warn(
                location, $"{record.Name}.{name} is {block.Spelling}, which C# does not have: bound as "
                + $"{block.SizeBytes} opaque bytes");
        }
        record.Fields.Add(new FieldModel
        {
            Name = name,
            Type = type,
            TypeSpelling = Spelling(fieldType),
            OffsetBits = offsetBits,
            WidthBits = LibClang.clang_Cursor_isBitField(field) != 0
                ? LibClang.clang_getFieldDeclBitWidth(field)
                : null,
            Location = location,
        });
    }

    private static bool IsAnonymousMember(CXCursor field, CXCursor declaration) =>
        declaration.Kind is CursorKind.StructDecl or CursorKind.UnionDecl
        && LibClang.clang_Cursor_isAnonymousRecordDecl(declaration) != 0
        && (field.Spelling().Length == 0 || field.Spelling().Contains('('));

    /// <summary>
    /// The type's spelling, without the paths that clang puts into the names of types that have none.
    /// </summary>
    public static string Spelling(CXType type)
    {
        string text = type.Spelling();
        var result = new List<char>(text.Length);
        int depth = 0;
        bool isPath = text.Contains("(unnamed ") || text.Contains("(anonymous ");
        foreach (char c in text)
        {
            depth += isPath && c == '(' ? 1 : 0;
            if (depth == 0)
            {
                result.Add(c);
            }
            depth -= isPath && c == ')' ? 1 : 0;
        }
        return new string([.. result]);
    }
}
