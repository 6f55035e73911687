using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;

namespace NvmeGpu.HeaderCompiler.Translation;

internal sealed partial class BodyReader
{
    /// <summary>A value: an array is the address of its first element, as almost everywhere in C.</summary>
    private Expression ReadValue(CXCursor cursor)
    {
        Expression expression = Read(cursor);
        return expression.Type is CArray array
            ? Decay(cursor, expression, PointerTo(array.Element))
            : expression;
    }

    private Expression ReadValue(CXCursor cursor, CType type) =>
        Conversions.Convert(ReadValue(cursor), type, cursor.Location());

    private CType TypeOf(CXCursor cursor) => types.Read(cursor.Type(), cursor.Location());

    private Expression Read(CXCursor cursor)
    {
        switch (cursor.Kind)
        {
            case CursorKind.ParenExpr:
                return Read(Only(cursor));
            case CursorKind.IntegerLiteral or CursorKind.CharacterLiteral or CursorKind.UnaryExpr:
                return ReadConstant(cursor) ?? throw Refuse(
                    cursor.Kind == CursorKind.UnaryExpr ? "sizeof of variable length" : "literal", cursor);
            case CursorKind.FloatingLiteral:
                return ReadFloat(cursor);
            case CursorKind.StringLiteral:
                return ReadString(cursor);
            case CursorKind.DeclRefExpr:
                return ReadReference(cursor);
            case CursorKind.MemberRefExpr:
                return ReadMember(cursor);
            case CursorKind.ArraySubscriptExpr:
                return ReadSubscript(cursor);
            case CursorKind.UnaryOperator:
                return ReadUnary(cursor);
            case CursorKind.BinaryOperator:
                return ReadBinary(cursor);
            case CursorKind.CompoundAssignOperator:
                return ReadCompoundAssignment(cursor);
            case CursorKind.ConditionalOperator:
                return ReadConditional(cursor);
            case CursorKind.CStyleCastExpr:
                CType to = TypeOf(cursor);
                CXCursor operand = Operands(cursor)[^1];
                return WithName(cursor, Conversions.Convert(ReadValue(operand), to, cursor.Location()));
            case CursorKind.CallExpr:
                return ReadCall(cursor);
            case CursorKind.CompoundLiteralExpr:
                return ReadCompoundLiteral(cursor);
            case CursorKind.StmtExpr:
                return ReadStatementExpression(cursor);
            case CursorKind.UnexposedExpr:
                return ReadUnexposed(cursor);
            case CursorKind.GenericSelectionExpr:
                throw Refuse("_Generic", cursor);
            case CursorKind.AddrLabelExpr:
                throw Refuse("address of a label", cursor);
            case CursorKind.InitListExpr:
                throw Refuse("initialiser list where a value is expected", cursor);
            default:
                throw Refuse($"expression of libclang's kind {(int)cursor.Kind}", cursor);
        }
    }

    // An implicit cast has its operand's extent. libclang says as little of va_arg, atomic builtins and
    // offsetof, whose extents differ: what evaluates to a constant is one, and the rest is refused.
    private Expression ReadUnexposed(CXCursor cursor)
    {
        List<CXCursor> operands = Operands(cursor);
        if (operands is [var operand] && HasExtentOf(cursor, operand))
        {
            if (operand.Kind == CursorKind.StringLiteral && TypeOf(cursor) is CArray)
            {
                return Read(operand); // __func__
            }
            Expression value = Read(operand);
            CType type = TypeOf(cursor);
            if (value.Type is CArray && type is CPointer)
            {
                return Decay(cursor, value, type);
            }
            if (IsVolatile(operand, value))
            {
                value = new IntrinsicCall(Intrinsic.VolatileRead, [value], value.Type);
            }
            return value.Type is CArray || type == value.Type
                || (type is CRecord && value.Type is CRecord) || value is AddressOfFunction
                ? value
                : WithName(cursor, Conversions.Convert(value, type, cursor.Location()));
        }
        List<string> tokens = Tokens(cursor);
        // The value that is tested comes first; in a builtin's arguments such an operator means nothing here.
        if (IsElvis(operands, tokens) && LibClang.clang_getCursorExtent(cursor).Begin
            == LibClang.clang_getCursorExtent(operands[0]).Begin)
        {
            return ReadElvis(cursor, operands);
        }
        if (!HasEffects(cursor) && ReadConstant(cursor) is { } constant)
        {
            return constant;
        }
        string construct = tokens.Count > 0 ? tokens[0] : "expression";
        throw Refuse(
            construct switch
            {
                "__builtin_va_arg" => "va_arg",
                _ when construct.Contains("atomic", StringComparison.Ordinal)
                    || construct.Contains("sync", StringComparison.Ordinal) =>
                        $"atomic operation ({construct})",
                _ => $"expression that libclang does not show ({construct})",
            },
            cursor);
    }

    // A volatile place in memory is read and written once each time, which C# says with Volatile. A local
    // variable is nobody else's.
    private static bool IsVolatile(CXCursor cursor, Expression place)
    {
        if (place is not (Dereference or MemberAccess) || !IsPlace(place)
            || LibClang.clang_isVolatileQualifiedType(cursor.Type()) == 0)
        {
            return false;
        }
        return place.Type is CInteger or CFloat or CBool
            && place is not MemberAccess { Field.WidthBits: not null }
            ? true
            : throw Refuse("volatile access to other than a number", cursor);
    }

    private static bool IsPlace(Expression expression) => expression switch
    {
        VariableReference or Dereference or StringConstant => true,
        MemberAccess { Record: var record } => IsPlace(record),
        _ => false,
    };

    private static bool HasExtentOf(CXCursor cursor, CXCursor operand)
    {
        CXSourceRange outer = LibClang.clang_getCursorExtent(cursor);
        CXSourceRange inner = LibClang.clang_getCursorExtent(operand);
        return outer.Begin == inner.Begin && outer.End == inner.End;
    }

    private static bool HasEffects(CXCursor cursor) =>
        cursor.Kind is CursorKind.CallExpr or CursorKind.CompoundAssignOperator or CursorKind.StmtExpr
        || (cursor.Kind == CursorKind.BinaryOperator
            && LibClang.clang_getCursorBinaryOperatorKind(cursor) == BinaryOperatorKind.Assign)
        || (cursor.Kind == CursorKind.UnaryOperator
            && LibClang.clang_getCursorUnaryOperatorKind(cursor) is UnaryOperatorKind.PostInc
                or UnaryOperatorKind.PostDec or UnaryOperatorKind.PreInc or UnaryOperatorKind.PreDec)
        || cursor.Children().Any(HasEffects);

    private IntegerConstant? ReadConstant(CXCursor cursor)
    {
        if (TypeOf(cursor) is not CInteger type)
        {
            return null;
        }
        nint result = LibClang.clang_Cursor_Evaluate(cursor);
        if (result == 0)
        {
            return null;
        }
        try
        {
            return LibClang.clang_EvalResult_getKind(result) != EvaluationKind.Int
                ? null
                : new IntegerConstant(type, type.Truncate(
                    LibClang.clang_EvalResult_isUnsignedInt(result) != 0
                        ? LibClang.clang_EvalResult_getAsUnsigned(result)
                        : (ulong)LibClang.clang_EvalResult_getAsLongLong(result)), NameOf(cursor));
        }
        finally
        {
            LibClang.clang_EvalResult_dispose(result);
        }
    }

    // The macro that the C text has in this place: IORING_SETUP_SQE128 rather than 1 << 10. Whether it has
    // this value is checked when the name is written.
    private string? NameOf(CXCursor cursor) => unit.MacroAt(cursor);

    private Expression WithName(CXCursor cursor, Expression expression) =>
        expression is IntegerConstant { Name: null } constant
            ? constant with { Name = NameOf(cursor) } : expression;

    private FloatConstant ReadFloat(CXCursor cursor)
    {
        if (TypeOf(cursor) is not CFloat type)
        {
            throw Refuse("literal", cursor);
        }
        nint result = LibClang.clang_Cursor_Evaluate(cursor);
        if (result == 0)
        {
            throw Refuse("literal", cursor);
        }
        double value = LibClang.clang_EvalResult_getAsDouble(result);
        LibClang.clang_EvalResult_dispose(result);
        return new FloatConstant(type, value);
    }

    private StringConstant ReadString(CXCursor cursor)
    {
        if (TypeOf(cursor) is not CArray { Element: CInteger { SizeBytes: 1 } } array)
        {
            throw Refuse("string of wide characters", cursor);
        }
        string? text = CStrings.Decode(cursor.Spelling());
        return text is not null && text.Length == array.Length - 1
            ? new StringConstant(text, array)
            : throw Refuse("string of other than ASCII", cursor);
    }

    private Expression ReadReference(CXCursor cursor)
    {
        CXCursor declaration = LibClang.clang_getCursorReferenced(cursor);
        switch (declaration.Kind)
        {
            case CursorKind.VarDecl or CursorKind.ParmDecl
                when _variables.TryGetValue(declaration.Identity(), out Variable? variable):
                variable.IsCaptured |= variable.Depth < Depth;
                return new VariableReference(variable);
            case CursorKind.EnumConstantDecl:
                return ReadEnumerator(cursor, declaration);
            case CursorKind.FunctionDecl when types.Read(declaration.Type(), cursor.Location())
                is CFunctionPointer function:
                Reached.TryAdd(declaration.Spelling(), declaration);
                AddressTaken.Add(declaration.Spelling());
                return new AddressOfFunction(declaration.Spelling(), function);
            case CursorKind.VarDecl:
                throw Refuse($"variable {declaration.Spelling()} outside the function", cursor);
            default:
                throw Refuse($"reference to {declaration.Spelling()}", cursor);
        }
    }

    private Expression ReadEnumerator(CXCursor cursor, CXCursor declaration)
    {
        CXCursor parent = LibClang.clang_getCursorSemanticParent(declaration);
        ulong bits = (ulong)LibClang.clang_getEnumConstantDeclValue(declaration);
        if (TypeOf(cursor) is not CInteger type)
        {
            throw Refuse($"enumerator {declaration.Spelling()}", cursor);
        }
        return types.Read(parent.Type(), cursor.Location()) is CEnum { Enum: var model }
            ? new EnumeratorConstant(model, declaration.Spelling(), type, type.Truncate(bits))
            : new IntegerConstant(type, type.Truncate(bits), declaration.Spelling());
    }

    // `sqe->off` passes an anonymous union on its way: libclang leaves out such a hop, or shows it without a
    // name. The struct that has a name knows the field by its own.
    private MemberAccess ReadMember(CXCursor cursor)
    {
        CXCursor field = LibClang.clang_getCursorReferenced(cursor);
        string name = field.Spelling();
        if (field.Kind != CursorKind.FieldDecl || name.Length == 0)
        {
            throw Refuse("member without a name", cursor);
        }
        CXCursor operand = Only(cursor);
        while (operand.Kind == CursorKind.MemberRefExpr
            && LibClang.clang_getCursorReferenced(operand) is var hop
            && LibClang.clang_Cursor_isAnonymousRecordDecl(
                LibClang.clang_getTypeDeclaration(hop.Type().Canonical())) != 0
            && (hop.Spelling().Length == 0 || hop.Spelling().Contains('(')))
        {
            operand = Only(operand);
        }
        Expression value = ReadValue(operand);
        Expression record = value.Type is CPointer { Target: CRecord } ? Point(value) : value;
        if (record.Type is not CRecord { Record: var model })
        {
            throw Refuse($"member {name} of something that is no struct", cursor);
        }
        if (TypeOf(cursor) is CRecord { Record: { IsComplete: true, SizeBytes: 0 } })
        {
            throw Refuse($"member {name}, which has 0 bytes", cursor);
        }
        return new MemberAccess(
            record,
            model,
            model.Fields.Find(candidate => candidate.Name == name)
                ?? throw Refuse($"member {name}, which the bound struct {model.Name} does not have", cursor),
            TypeOf(cursor));
    }

    private Expression ReadSubscript(CXCursor cursor)
    {
        List<CXCursor> operands = Operands(cursor);
        Expression left = ReadValue(operands[0]);
        Expression right = ReadValue(operands[1]);
        if (right.Type is CPointer)
        {
            (left, right) = (right, left);
        }
        return Point(Offset(cursor, left, right, isNegative: false));
    }

    private static Expression Point(Expression pointer) => pointer switch
    {
        AddressOf { Place: var place } => place,
        { Type: CPointer { Target: var target } } => new Dereference(pointer, target),
        _ => throw new InvalidOperationException("not a pointer"),
    };

    private static PointerOffset Offset(
        CXCursor cursor, Expression pointer, Expression index, bool isNegative)
    {
        if (pointer.Type is not CPointer type || index.Type is not (CInteger or CTruth or CBool or CEnum))
        {
            throw Refuse("pointer arithmetic on a pointer to a function", cursor);
        }
        if (type.Target is CRecord { Record: { IsComplete: true, SizeBytes: 0 } })
        {
            throw Refuse("pointer arithmetic on structs of 0 bytes", cursor);
        }
        // Narrow ones are promoted here: clang does it for operands of `+`, not for subscripts.
        Expression number = index.Type is CInteger { SizeBytes: >= 4 }
            ? index : Conversions.Convert(index, CInteger.Int, cursor.Location());
        return new PointerOffset(pointer, number, isNegative, type);
    }

    private static ArrayDecay Decay(CXCursor cursor, Expression array, CType pointer)
    {
        if (!IsPlace(array))
        {
            throw Refuse("array inside a value that is no variable", cursor);
        }
        MarkAddressTaken(array);
        return new ArrayDecay(array, pointer);
    }

    private static void MarkAddressTaken(Expression place)
    {
        switch (place)
        {
            case VariableReference { Variable: var variable }:
                variable.IsAddressTaken = true;
                break;
            case MemberAccess { Record: var record }:
                MarkAddressTaken(record);
                break;
            case ArrayDecay { Array: var array }:
                MarkAddressTaken(array);
                break;
            case Dereference { Pointer: PointerOffset { Pointer: var pointer } }:
                MarkAddressTaken(pointer);
                break;
        }
    }

    private static void MarkAssigned(Expression place)
    {
        if (place is VariableReference { Variable: var variable })
        {
            variable.IsAssigned = true;
        }
    }
}
