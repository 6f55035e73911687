using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Translation;

internal sealed partial class BodyReader
{
    private IEnumerable<Statement> ReadDeclaration(CXCursor cursor)
    {
        switch (cursor.Kind)
        {
            case CursorKind.VarDecl:
                return ReadVariable(cursor);
            // Types are read where they are used; an assertion that failed would have stopped clang.
            case CursorKind.StructDecl or CursorKind.UnionDecl or CursorKind.EnumDecl
                or CursorKind.TypedefDecl
                or CursorKind.StaticAssert:
                return [];
            default:
                throw Refuse($"declaration of {cursor.Spelling()} inside a function", cursor);
        }
    }

    private List<Statement> ReadVariable(CXCursor cursor)
    {
        const int StorageExtern = 2;
        const int StorageStatic = 3;
        int storage = LibClang.clang_Cursor_getStorageClass(cursor);
        CType type = TypeOf(cursor);
        bool isConstantScalar = type is CInteger or CBool or CFloat or CEnum
            && LibClang.clang_isConstQualifiedType(cursor.Type()) != 0;
        // clang moves an element's qualifiers to the canonical array.
        if (storage == StorageStatic && type is CArray { Element: CInteger or CFloat } table
            && LibClang.clang_isConstQualifiedType(cursor.Type().Canonical()) != 0)
        {
            return [ReadTable(cursor, table)];
        }
        if (storage is StorageExtern || (storage == StorageStatic && !isConstantScalar))
        {
            throw Refuse(
                $"{(storage == StorageStatic ? "static" : "extern")} variable inside a function", cursor);
        }
        if (type is CArray { Length: 0 } or CRecord { Record: { IsComplete: true, SizeBytes: 0 } })
        {
            throw Refuse("variable of 0 bytes", cursor);
        }
        RefuseNameless(type, cursor);
        if (cursor.Children().Any(child => child.Kind == CursorKind.UnexposedAttr)
            && LibClang.clang_getCursorPrettyPrinted(cursor, 0).Take()
                .Contains("cleanup", StringComparison.Ordinal))
        {
            throw Refuse("variable with a cleanup function", cursor);
        }
        CXCursor initializer = LibClang.clang_Cursor_getVarDeclInitializer(cursor);
        Variable variable = NewVariable(cursor.Spelling(), type);
        ThrowIfAligned(cursor);
        if (storage == StorageStatic)
        {
            _constants.Add((variable, cursor));
        }
        _variables[cursor.Identity()] = variable; // again, where an expression is read twice (ReadPlaceOnce)
        if (LibClang.clang_Cursor_isNull(initializer) != 0)
        {
            return [new Declare(variable, null)];
        }
        if (type is not (CArray or CRecord) || !IsList(initializer, type))
        {
            return [new Declare(variable, ReadValue(Unbraced(initializer), type))];
        }
        var statements = new List<Statement> { new Declare(variable, null), new ZeroFill(variable) };
        var place = new VariableReference(variable);
        ReadInitializer(initializer, place, statements);
        return statements;
    }

    private DeclareTable ReadTable(CXCursor cursor, CArray array)
    {
        Variable variable = NewVariable(cursor.Spelling(), array);
        variable.IsTable = true;
        _variables[cursor.Identity()] = variable; // again, where an expression is read twice (ReadPlaceOnce)
        var values = new Expression[array.Length];
        Array.Fill(values, Conversions.Convert(
            new IntegerConstant(CInteger.Int, 0), array.Element, cursor.Location()));
        var statements = new List<Statement>();
        ReadInitializer(
            LibClang.clang_Cursor_getVarDeclInitializer(cursor), new VariableReference(variable), statements);
        foreach (Statement statement in statements)
        {
            if (statement is Evaluate
                {
                    Expression: Assignment
                    {
                        Place: Dereference
                        {
                            Pointer: PointerOffset { Index: IntegerConstant { Bits: var index } },
                        },
                        Value: IntegerConstant or FloatConstant,
                    } assignment
                })
            {
                values[index] = assignment.Value;
                continue;
            }
            throw Refuse("static table of other than numbers", cursor);
        }
        return new DeclareTable(variable, array, values);
    }

    // `_Alignas(64) char x[64]`: libclang does not say to what. The alignment of a type is known.
    private static void ThrowIfAligned(CXCursor cursor)
    {
        if (cursor.Children().Any(child => child.Kind == CursorKind.AlignedAttr))
        {
            throw Refuse("variable with an alignment of its own", cursor);
        }
    }

    private static bool IsList(CXCursor cursor, CType type) =>
        cursor.Kind == CursorKind.InitListExpr || (type is CArray && StringOf(cursor) is not null);

    // `int x = { 3 };`
    private static CXCursor Unbraced(CXCursor cursor) =>
        cursor.Kind == CursorKind.InitListExpr ? Only(cursor) : cursor;

    private static CXCursor? StringOf(CXCursor cursor)
    {
        CXCursor inner = cursor;
        while (inner.Kind is CursorKind.ParenExpr or CursorKind.UnexposedExpr
            && Operands(inner) is [var operand])
        {
            inner = operand;
        }
        return inner.Kind == CursorKind.StringLiteral ? inner : null;
    }

    private Expression ReadCompoundLiteral(CXCursor cursor)
    {
        CType type = TypeOf(cursor);
        CXCursor list = Operands(cursor)[^1];
        RefuseNameless(type, cursor);
        Variable storage = NewVariable("literal", type, BlockDepth);
        storage.IsAddressTaken = true;
        storage.IsCaptured = true;
        var place = new VariableReference(storage);
        var statements = new List<Statement>();
        // The pointer, so that both `&(struct s){ ... }` and its value work: the value is what it points to.
        CPointer pointer = PointerTo(type is CArray array ? array.Element : type);
        LocalFunctionCall call = InLocalFunction("make", pointer, () =>
        {
            statements.Add(new ZeroFill(storage));
            if (type is CArray or CRecord)
            {
                ReadInitializer(list, place, statements);
            }
            else
            {
                statements.Add(new Evaluate(Assign(cursor, place, ReadValue(Unbraced(list)))));
            }
            statements.Add(new Return(type is CArray
                ? new ArrayDecay(place, pointer) : new AddressOf(place, pointer)));
            return statements;
        });
        return type is CArray ? call : new Dereference(call, type);
    }

    // One element per value, with designators and with C's leave to omit inner braces.
    private void ReadInitializer(CXCursor list, Expression place, List<Statement> statements)
    {
        if (place.Type is CArray text && StringOf(list) is { } literal)
        {
            ReadCharacters(literal, place, text, statements);
            return;
        }
        List<CXCursor> values = Operands(list);
        if (values is [var only] && place.Type is CArray wrapped && StringOf(only) is { } inBraces
            && wrapped.Element is CInteger { SizeBytes: 1 })
        {
            ReadCharacters(inBraces, place, wrapped, statements);
            return;
        }
        int position = 0;
        ReadElements(values, ref position, place, statements, isBraced: true);
    }

    private void ReadElements(
        List<CXCursor> values, ref int position, Expression place, List<Statement> statements, bool isBraced)
    {
        List<Member> members = MembersOf(place, values.Count > 0 ? values[0] : default);
        int next = 0;
        while (position < values.Count)
        {
            CXCursor value = values[position];
            List<string> tokens = Tokens(value);
            if (tokens is [".", var name, "=", ..] && value.Kind == CursorKind.UnexposedExpr)
            {
                if (!isBraced)
                {
                    return; // belongs to whoever has the braces
                }
                next = members.FindIndex(member => member.Name == name);
                if (next < 0)
                {
                    throw Refuse($"designator .{name}", value);
                }
                value = Operands(value)[^1];
            }
            else if (tokens is ["[", ..] && value.Kind == CursorKind.UnexposedExpr)
            {
                List<CXCursor> parts = Operands(value);
                if (!isBraced)
                {
                    return;
                }
                if (tokens.IndexOf("]") + 1 is var after && tokens[after] != "=" || parts.Count != 2
                    || ReadConstant(parts[0]) is not { } index || tokens.Take(after).Contains("..."))
                {
                    throw Refuse("designator of more than one element", value);
                }
                next = (int)index.Bits;
                value = parts[1];
            }
            else if (tokens is [".", ..] && value.Kind == CursorKind.UnexposedExpr)
            {
                throw Refuse("designator of a member's member", value);
            }
            if (next >= members.Count)
            {
                if (isBraced)
                {
                    throw Refuse("more values than members", value);
                }
                return;
            }

            Expression member = members[next].Place;
            next = members[next].Next;
            if (member.Type is CArray or CRecord
                && value.Kind != CursorKind.InitListExpr
                && !(member.Type is CArray { Element: CInteger { SizeBytes: 1 } }
                    && StringOf(value) is not null))
            {
                if (member.Type is CRecord && TypeOf(value) is CRecord)
                {
                    statements.Add(new Evaluate(Assign(value, member, ReadValue(value))));
                    position++;
                    continue;
                }
                // Inner braces left out: as many values as the member takes.
                ReadElements(values, ref position, member, statements, isBraced: false);
                continue;
            }
            position++;
            if (member.Type is CArray or CRecord)
            {
                ReadInitializer(value, member, statements);
            }
            else
            {
                statements.Add(new Evaluate(Assign(value, member, ReadValue(Unbraced(value)))));
            }
        }
    }

    /// <param name="Next">
    /// The member that the following value without a designator is for: behind a union, not its next member.
    /// </param>
    private readonly record struct Member(string Name, Expression Place, int Next);

    // In C's order, those of nameless structs and unions among them.
    private List<Member> MembersOf(Expression place, CXCursor cursor)
    {
        var members = new List<Member>();
        switch (place.Type)
        {
            case CArray array:
                MarkAddressTaken(place);
                CPointer pointer = PointerTo(array.Element);
                for (int i = 0; i < array.Length; i++)
                {
                    var index = new IntegerConstant(CInteger.Int, (ulong)i);
                    var address = new PointerOffset(new ArrayDecay(place, pointer), index, false, pointer);
                    members.Add(new Member("", new Dereference(address, array.Element), i + 1));
                }
                break;
            case CRecord record:
                AddMembers(members, place, record.Record, record.Clang, cursor);
                break;
        }
        return members;
    }

    private void AddMembers(
        List<Member> members, Expression place, RecordModel owner, CXType type, CXCursor cursor)
    {
        bool isUnion = LibClang.clang_getTypeDeclaration(type).Kind == CursorKind.UnionDecl;
        var alternatives = new List<(int Start, int End)>();
        foreach (CXCursor field in type.Fields())
        {
            string name = field.Spelling();
            CXType fieldType = field.Type().Canonical();
            int start = members.Count;
            if ((name.Length == 0 || name.Contains('(')) && fieldType.Kind == TypeKind.Record)
            {
                AddMembers(members, place, owner, fieldType, cursor);
            }
            else if (name.Length > 0 && !name.Contains('('))
            {
                FieldModel model = owner.Fields.Find(candidate => candidate.Name == name)
                    ?? throw Refuse(
                        $"member {name}, which the bound struct {owner.Name} does not have", cursor);
                CType memberType = types.Read(field.Type(), cursor.Location());
                members.Add(new Member(
                    name, new MemberAccess(place, owner, model, memberType), members.Count + 1));
            }
            alternatives.Add((start, members.Count));
        }
        foreach ((int start, int end) in alternatives)
        {
            for (int i = start; isUnion && i < end; i++)
            {
                members[i] = members[i].Next == end ? members[i] with { Next = members.Count } : members[i];
            }
        }
    }

    private void ReadCharacters(CXCursor literal, Expression place, CArray array, List<Statement> statements)
    {
        string text = ReadString(literal).Text;
        List<Member> members = MembersOf(place, literal);
        for (int i = 0; i < text.Length && i < array.Length; i++)
        {
            statements.Add(new Evaluate(Assign(
                literal, members[i].Place, new IntegerConstant(CInteger.Int, text[i]))));
        }
    }
}
