using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;

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

    // An implicit cast has its operand's extent. libclang says as little of va_arg, atomic builtins and offsetof, whose
    // extents differ: what evaluates to a constant is one, and the rest is refused.
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
                    || construct.Contains("sync", StringComparison.Ordinal) => $"atomic operation ({construct})",
                _ => $"expression that libclang does not show ({construct})",
            },
            cursor);
    }

    // A volatile place in memory is read and written once each time, which C# says with Volatile. A local variable is
    // nobody else's.
    private static bool IsVolatile(CXCursor cursor, Expression place)
    {
        if (place is not (Dereference or MemberAccess) || !IsPlace(place)
            || LibClang.clang_isVolatileQualifiedType(cursor.Type()) == 0)
        {
            return false;
        }
        return place.Type is CInteger or CFloat or CBool && place is not MemberAccess { Field.WidthBits: not null }
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

    // The macro that the C text has in this place: IORING_SETUP_SQE128 rather than 1 << 10. Whether it has this value is
    // checked when the name is written.
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

    private static PointerOffset Offset(CXCursor cursor, Expression pointer, Expression index, bool isNegative)
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

    private Expression ReadUnary(CXCursor cursor)
    {
        CXCursor operand = Only(cursor);
        UnaryOperatorKind kind = LibClang.clang_getCursorUnaryOperatorKind(cursor);
        switch (kind)
        {
            case UnaryOperatorKind.PostInc or UnaryOperatorKind.PostDec or UnaryOperatorKind.PreInc
                or UnaryOperatorKind.PreDec:
                return ReadStep(cursor, operand, kind);
            case UnaryOperatorKind.AddrOf:
                return ReadAddressOf(cursor, operand);
            case UnaryOperatorKind.Deref:
                Expression pointer = ReadValue(operand);
                return pointer.Type is CFunctionPointer ? pointer : Point(pointer);
            case UnaryOperatorKind.Plus or UnaryOperatorKind.Extension:
                return Read(operand);
            case UnaryOperatorKind.Minus or UnaryOperatorKind.Not:
                CType type = TypeOf(cursor);
                Expression value = ReadValue(operand, type);
                RefuseWideBitField(value, cursor);
                string sign = kind == UnaryOperatorKind.Minus ? "-" : "~";
                if (value is IntegerConstant { Integer: var integer, Bits: var bits })
                {
                    return new IntegerConstant(
                        integer, integer.Truncate(unchecked(sign == "-" ? 0 - bits : ~bits)), NameOf(cursor));
                }
                return new UnaryArithmetic(sign, value, type);
            case UnaryOperatorKind.LNot:
                return Conversions.Truth(ReadValue(operand), cursor.Location()) switch
                {
                    Negation { Operand: var inner } => inner,
                    Comparison { Operator: "!=" } difference => difference with { Operator = "==" },
                    Expression truth => new Negation(truth),
                };
            default:
                throw Refuse($"unary operator {kind}", cursor);
        }
    }

    private Expression ReadAddressOf(CXCursor cursor, CXCursor operand)
    {
        Expression place = Read(operand);
        CType type = TypeOf(cursor);
        switch (place)
        {
            case AddressOfFunction:
                return place;
            case Dereference { Pointer: var pointer }:
                return Conversions.Convert(pointer, type, cursor.Location());
            case MemberAccess { Field.WidthBits: not null }:
                throw Refuse("address of a bit-field", cursor);
            case { Type: CArray }:
                return Decay(cursor, place, type);
            case VariableReference or MemberAccess:
                MarkAddressTaken(place);
                return new AddressOf(place, type);
            case LocalFunctionCall { Type: CPointer } literal: // a compound literal, by its address
                return literal;
            default:
                throw Refuse("address of something that has none", cursor);
        }
    }

    private Expression ReadStep(CXCursor cursor, CXCursor operand, UnaryOperatorKind kind)
    {
        Expression place = Read(operand);
        MarkAssigned(place);
        if (IsVolatile(operand, place))
        {
            throw Refuse("volatile ++ or --", cursor);
        }
        bool isIncrement = kind is UnaryOperatorKind.PostInc or UnaryOperatorKind.PreInc;
        bool isPrefix = kind is UnaryOperatorKind.PreInc or UnaryOperatorKind.PreDec;
        if (place.Type is CFunctionPointer
            or CPointer { Target: CRecord { Record: { IsComplete: true, SizeBytes: 0 } } })
        {
            throw Refuse("pointer arithmetic on functions or on structs of 0 bytes", cursor);
        }
        if (place.Type is CPointer { Target: CArray or CVoid } || place.Type is CBool
            || place is MemberAccess { Field.WidthBits: not null })
        {
            // C# would step by another width, or not cut the value to the field's.
            return ReadLongStep(cursor, operand, isIncrement, isPrefix);
        }
        return new Step(place, isIncrement, isPrefix);
    }

    // A local function: `T old = place; place = old + 1; return old;`
    private LocalFunctionCall ReadLongStep(CXCursor cursor, CXCursor operand, bool isIncrement, bool isPrefix)
    {
        CType type = TypeOf(operand);
        return InLocalFunction("step", type, () =>
        {
            (List<Statement> before, Expression place) = ReadPlaceOnce(operand);
            Variable old = NewVariable("old", type);
            before.Add(new Declare(old, place));
            Expression one = new IntegerConstant(CInteger.Int, 1);
            Expression next = type is CPointer
                ? Offset(cursor, new VariableReference(old), one, !isIncrement)
                : new Arithmetic(isIncrement ? "+" : "-", Conversions.Convert(
                    new VariableReference(old), Promoted(type), cursor.Location()),
                    Conversions.Convert(one, Promoted(type), cursor.Location()), Promoted(type));
            before.Add(new Evaluate(Assign(cursor, place, next)));
            before.Add(new Return(isPrefix ? place : new VariableReference(old)));
            _localFunctions.Peek().WideBitField = WideBitField(place);
            return before;
        });
    }

    private static CType Promoted(CType type) =>
        type is CEnum { Integer: var integer } ? Promoted(integer)
            : type is CInteger { SizeBytes: < 4 } or CBool ? CInteger.Int : type;

    // A place whose address is computed once, for code that names it more than once.
    private (List<Statement> Before, Expression Place) ReadPlaceOnce(CXCursor cursor)
    {
        Expression place = Read(cursor);
        MarkAssigned(place);
        if (IsPure(place))
        {
            return ([], place);
        }
        Expression whole = place is MemberAccess { Field.WidthBits: not null, Record: var record }
            ? record : place;
        if (whole is not (Dereference or MemberAccess))
        {
            throw Refuse("assignment to a place that is computed", cursor);
        }
        CPointer pointerType = PointerTo(whole.Type);
        Variable pointer = NewVariable("place", pointerType);
        Expression address = whole is Dereference { Pointer: var inner } ? inner : new AddressOf(whole, pointerType);
        Expression once = new Dereference(new VariableReference(pointer), whole.Type);
        return (
            [new Declare(pointer, address)],
            place is MemberAccess { Field.WidthBits: not null } bits ? bits with { Record = once } : once);
    }

    private Expression ReadBinary(CXCursor cursor)
    {
        BinaryOperatorKind kind = LibClang.clang_getCursorBinaryOperatorKind(cursor);
        List<CXCursor> operands = Operands(cursor);
        if (operands.Count != 2)
        {
            throw Refuse("operator whose operands are not clear", cursor);
        }
        SourceLocation location = cursor.Location();
        switch (kind)
        {
            case BinaryOperatorKind.Assign:
                Expression place = Read(operands[0]);
                MarkAssigned(place);
                Assignment assignment = Assign(cursor, place, ReadValue(operands[1]));
                return IsVolatile(operands[0], place)
                    ? new IntrinsicCall(
                        Intrinsic.VolatileWrite, [place, assignment.Value], CVoid.Instance)
                    : assignment;
            case BinaryOperatorKind.Comma:
                return InLocalFunction("comma", TypeOf(cursor), () => TypeOf(cursor) is CVoid
                    ? [.. ReadEvaluation(operands[0]), .. ReadEvaluation(operands[1])]
                    : [.. ReadEvaluation(operands[0]), new Return(ReadValue(operands[1], TypeOf(cursor)))]);
            case BinaryOperatorKind.LAnd or BinaryOperatorKind.LOr:
                return new Logical(
                    kind == BinaryOperatorKind.LAnd ? "&&" : "||", ReadCondition(operands[0]),
                    ReadCondition(operands[1]));
        }

        Expression left = ReadValue(operands[0]);
        Expression right = ReadValue(operands[1]);
        if (Comparisons.TryGetValue(kind, out string? comparison))
        {
            RefuseWideBitField(left, cursor);
            RefuseWideBitField(right, cursor);
            return ReadComparison(comparison, left, right, location);
        }
        string symbol = Operators.TryGetValue(kind, out string? found)
            ? found : throw Refuse($"operator {kind}", cursor);
        if (left.Type is CPointer or CFunctionPointer || right.Type is CPointer or CFunctionPointer)
        {
            return ReadPointerArithmetic(cursor, symbol, left, right);
        }
        RefuseWideBitField(left, cursor);
        RefuseWideBitField(right, cursor);
        CType type = TypeOf(cursor);
        bool isShift = symbol is "<<" or ">>";
        var arithmetic = new Arithmetic(
            symbol,
            Conversions.Convert(left, type, location),
            Conversions.Convert(right, isShift ? CInteger.Int : type, location),
            type);
        // `1U << 10` and the like: the value, under the name that the text has for it.
        bool isConstant = left is IntegerConstant && right is IntegerConstant;
        bool isMacro = left is IntegerConstant or EnumeratorConstant && right is IntegerConstant or EnumeratorConstant
            && NameOf(cursor) is not null;
        return (isConstant || isMacro) && ReadConstant(cursor) is { } constant ? constant : arithmetic;
    }

    // C leaves open whether a bit-field wider than int has the type that it is declared with: clang says so, gcc computes
    // in its own width. `(long)field` and an assignment are the same in both.
    private static void RefuseWideBitField(Expression operand, CXCursor cursor)
    {
        if (WideBitField(operand) is { } field)
        {
            throw Refuse(
                $"bit-field {field.Name} of {field.WidthBits} bits in an expression (compilers differ)", cursor);
        }
    }

    // The bit-field whose width the value still has: that of an assignment or of a comma, too.
    private static FieldModel? WideBitField(Expression operand) => operand switch
    {
        MemberAccess { Field: { WidthBits: > 32 and < 64 } field } => field,
        Assignment { Place: var place } => WideBitField(place),
        CompoundAssignment { Place: var place } => WideBitField(place),
        LocalFunctionCall { Function.WideBitField: var field } => field,
        _ => null,
    };

    private static readonly Dictionary<BinaryOperatorKind, string> Operators = new()
    {
        [BinaryOperatorKind.Mul] = "*",
        [BinaryOperatorKind.Div] = "/",
        [BinaryOperatorKind.Rem] = "%",
        [BinaryOperatorKind.Add] = "+",
        [BinaryOperatorKind.Sub] = "-",
        [BinaryOperatorKind.Shl] = "<<",
        [BinaryOperatorKind.Shr] = ">>",
        [BinaryOperatorKind.And] = "&",
        [BinaryOperatorKind.Xor] = "^",
        [BinaryOperatorKind.Or] = "|",
        [BinaryOperatorKind.MulAssign] = "*",
        [BinaryOperatorKind.DivAssign] = "/",
        [BinaryOperatorKind.RemAssign] = "%",
        [BinaryOperatorKind.AddAssign] = "+",
        [BinaryOperatorKind.SubAssign] = "-",
        [BinaryOperatorKind.ShlAssign] = "<<",
        [BinaryOperatorKind.ShrAssign] = ">>",
        [BinaryOperatorKind.AndAssign] = "&",
        [BinaryOperatorKind.XorAssign] = "^",
        [BinaryOperatorKind.OrAssign] = "|",
    };

    private static readonly Dictionary<BinaryOperatorKind, string> Comparisons = new()
    {
        [BinaryOperatorKind.LT] = "<",
        [BinaryOperatorKind.GT] = ">",
        [BinaryOperatorKind.LE] = "<=",
        [BinaryOperatorKind.GE] = ">=",
        [BinaryOperatorKind.EQ] = "==",
        [BinaryOperatorKind.NE] = "!=",
    };

    // clang has converted both operands to one type, but for what C leaves to the reader: truth values, null.
    private static Comparison ReadComparison(
        string symbol, Expression left, Expression right, SourceLocation location)
    {
        if (left.Type is CTruth && right.Type is CTruth && symbol is "==" or "!=" && right.Type == left.Type)
        {
            return new Comparison(symbol, left, right);
        }
        CType type = (left.Type, right.Type) switch
        {
            (CTruth or CBool, CTruth or CBool) => CInteger.Int,
            (CTruth or CBool, _) => right.Type,
            (CPointer or CFunctionPointer, _) => left.Type,
            (_, CPointer or CFunctionPointer) => right.Type,
            _ => left.Type,
        };
        return new Comparison(
            symbol, Conversions.Convert(left, type, location), Conversions.Convert(right, type, location));
    }

    private Expression ReadPointerArithmetic(CXCursor cursor, string symbol, Expression left, Expression right)
    {
        switch (symbol)
        {
            case "+" when right.Type is CPointer:
                return Offset(cursor, right, left, isNegative: false);
            case "+":
                return Offset(cursor, left, right, isNegative: false);
            case "-" when left.Type is CPointer pointer && right.Type is CPointer
                && pointer.Target is not CRecord { Record: { IsComplete: true, SizeBytes: 0 } }
                && TypeOf(cursor) is CInteger result:
                return new PointerDifference(left, right, pointer, result);
            case "-":
                return Offset(cursor, left, right, isNegative: true);
            default:
                throw Refuse($"operator {symbol} on pointers", cursor);
        }
    }

    private static Assignment Assign(CXCursor cursor, Expression place, Expression value)
    {
        if (place is not (VariableReference or Dereference or MemberAccess) || place.Type is CArray)
        {
            throw Refuse("assignment to something that is no place", cursor);
        }
        return new Assignment(place, Conversions.Convert(value, place.Type, cursor.Location()));
    }

    // clang has converted the right side to the type that the operation is done in (but for shifts, whose sides are
    // promoted each on its own).
    private Expression ReadCompoundAssignment(CXCursor cursor)
    {
        List<CXCursor> operands = Operands(cursor);
        BinaryOperatorKind kind = LibClang.clang_getCursorBinaryOperatorKind(cursor);
        if (operands.Count != 2 || !Operators.TryGetValue(kind, out string? symbol))
        {
            throw Refuse($"compound assignment {kind}", cursor);
        }
        Expression place = Read(operands[0]);
        MarkAssigned(place);
        if (IsVolatile(operands[0], place))
        {
            throw Refuse($"volatile {symbol}=", cursor);
        }
        if (IsPure(place))
        {
            return Compound(cursor, place, symbol, ReadValue(operands[1]));
        }
        return InLocalFunction("assign", place.Type, () =>
        {
            (List<Statement> before, Expression once) = ReadPlaceOnce(operands[0]);
            before.Add(new Return(Compound(cursor, once, symbol, ReadValue(operands[1]))));
            return before;
        });
    }

    private static Expression Compound(CXCursor cursor, Expression place, string symbol, Expression value)
    {
        if (place.Type is CPointer)
        {
            return Assign(cursor, place, Offset(cursor, place, value, symbol == "-"));
        }
        if (place.Type is not (CInteger or CBool or CFloat or CEnum))
        {
            throw Refuse($"{symbol}= on this type", cursor);
        }
        if (symbol is "/" or "%")
        {
            RefuseWideBitField(place, cursor);
            RefuseWideBitField(value, cursor);
        }
        SourceLocation location = cursor.Location();
        bool isShift = symbol is "<<" or ">>";
        CType computation = isShift
            ? Promoted(place.Type)
            : value.Type is CTruth or CBool ? CInteger.Int : value.Type;
        return new CompoundAssignment(
            place, symbol, Conversions.Convert(value, isShift ? CInteger.Int : computation, location), computation);
    }

    private Conditional ReadConditional(CXCursor cursor)
    {
        List<CXCursor> operands = Operands(cursor);
        CType type = TypeOf(cursor);
        if (operands.Count != 3 || type is CVoid)
        {
            throw Refuse("?: whose arms have no value", cursor);
        }
        Conditional conditional = new(
            ReadCondition(operands[0]), ReadValue(operands[1], type), ReadValue(operands[2], type), type);
        RefuseWideBitField(conditional.Then, cursor);
        RefuseWideBitField(conditional.Else, cursor);
        return conditional;
    }

    // GNU C's `a ?: b`.
    private static bool IsElvis(List<CXCursor> operands, List<string> tokens)
    {
        for (int i = 1; i < tokens.Count; i++)
        {
            if (tokens[i - 1] == "?" && tokens[i] == ":" && operands.Count >= 2)
            {
                return true;
            }
        }
        return false;
    }

    private LocalFunctionCall ReadElvis(CXCursor cursor, List<CXCursor> operands)
    {
        CType type = TypeOf(cursor);
        return InLocalFunction("either", type, () =>
        {
            Expression first = ReadValue(operands[0]);
            RefuseWideBitField(first, cursor);
            if (first.Type is CTruth)
            {
                first = Conversions.Convert(first, CInteger.Int, cursor.Location());
            }
            Variable value = NewVariable("first", first.Type);
            var reference = new VariableReference(value);
            return
            [
                new Declare(value, first),
                new Return(new Conditional(
                    Conversions.Truth(reference, cursor.Location()),
                    Conversions.Convert(reference, type, cursor.Location()),
                    ReadValue(operands[^1], type), type)),
            ];
        });
    }

    private Expression ReadCall(CXCursor cursor, bool isValueUsed = true)
    {
        List<CXCursor> operands = Operands(cursor);
        if (operands.Count == 0)
        {
            throw Refuse("call whose function is not clear", cursor);
        }
        CXCursor callee = operands[0];
        while (callee.Kind is CursorKind.ParenExpr or CursorKind.UnexposedExpr && Operands(callee) is [var inner])
        {
            callee = inner;
        }
        CXCursor declaration = callee.Kind == CursorKind.DeclRefExpr
            ? LibClang.clang_getCursorReferenced(callee) : default;
        string name = declaration.Kind == CursorKind.FunctionDecl ? declaration.Spelling() : "";
        if (name.Length > 0 && Intrinsic.Find(name) is { } intrinsic)
        {
            return ReadIntrinsic(cursor, intrinsic, operands, isValueUsed);
        }
        if (name.StartsWith("__builtin_", StringComparison.Ordinal) && ReadConstant(cursor) is { } constant)
        {
            return constant; // __builtin_constant_p and its kind
        }
        if (IsCompilerFunction(name))
        {
            throw Refuse(
                name.StartsWith("__sync_", StringComparison.Ordinal)
                    || name.StartsWith("__atomic_", StringComparison.Ordinal)
                    ? $"atomic operation ({name})"
                    : name.Contains("va_", StringComparison.Ordinal) ? $"va_arg ({name})" : $"call of {name}",
                cursor);
        }

        bool wasTaken = AddressTaken.Contains(name);
        Expression function = ReadValue(callee);
        if (!wasTaken)
        {
            AddressTaken.Remove(name); // a call is no use as a value
        }
        if (function is Dereference { Type: CFunctionPointer } pointed)
        {
            function = pointed;
        }
        if (function.Type is not CFunctionPointer signature || signature.Parameters.Count != operands.Count - 1)
        {
            throw Refuse($"call of {(name.Length > 0 ? name : "something")} without a fixed parameter list", cursor);
        }
        bool isPointer = function is not AddressOfFunction;
        var arguments = new List<Expression>();
        for (int i = 0; i < signature.Parameters.Count; i++)
        {
            // In methods _Bool is bool; through pointers it is a byte.
            CType parameter = signature.Parameters[i] switch
            {
                CBool when !isPointer => CTruth.Instance,
                CArray array => PointerTo(array.Element),
                CType other => other,
            };
            arguments.Add(ReadValue(operands[i + 1], parameter));
        }
        return function is AddressOfFunction { Function: var direct }
            ? new Call(direct, arguments, AsValue(signature.Result))
            : new PointerCall(function, arguments, signature.Result);
    }

    private static bool IsCompilerFunction(string name) =>
        name.StartsWith("__builtin_", StringComparison.Ordinal)
        || name.StartsWith("__sync_", StringComparison.Ordinal)
        || name.StartsWith("__atomic_", StringComparison.Ordinal);

    private Expression ReadIntrinsic(
        CXCursor cursor, Intrinsic intrinsic, List<CXCursor> operands, bool isValueUsed)
    {
        CType type = TypeOf(cursor);
        IntrinsicCall ReadIt() => new(
            intrinsic, [.. operands.Skip(1).Select(ReadValue)], intrinsic.ReturnsFirst ? CVoid.Instance : type);

        if (!intrinsic.ReturnsFirst || !isValueUsed)
        {
            return ReadIt();
        }
        return InLocalFunction("call", type, () =>
        {
            Expression first = ReadValue(operands[1]);
            Variable destination = NewVariable("destination", first.Type);
            IntrinsicCall call = ReadIt();
            var reference = new VariableReference(destination);
            return
            [
                new Declare(destination, first),
                new Evaluate(call with { Arguments = [reference, .. call.Arguments.Skip(1)] }),
                new Return(Conversions.Convert(reference, type, cursor.Location())),
            ];
        });
    }

    private LocalFunctionCall ReadStatementExpression(CXCursor cursor)
    {
        CType type = TypeOf(cursor);
        List<CXCursor> statements = [.. cursor.Children()[0].Children()];
        (int loopDepth, int breakDepth) = (_loopDepth, _breakDepth);
        (_loopDepth, _breakDepth) = (0, 0);
        LocalFunctionCall call = InLocalFunction("block", type, () =>
        {
            _localFunctions.Peek().IsBlock = true;
            if (type is CVoid || statements.Count == 0)
            {
                return ReadStatements(statements);
            }
            List<Statement> read = ReadStatements(statements[..^1]);
            if (!IsExpression(statements[^1]))
            {
                throw Refuse("statement expression whose value is not its last statement", cursor);
            }
            read.Add(new Return(ReadValue(statements[^1], type)));
            return read;
        });
        (_loopDepth, _breakDepth) = (loopDepth, breakDepth);
        return call;
    }

    // Naming the expression twice does the same as naming it once.
    private static bool IsPure(Expression expression) => expression switch
    {
        VariableReference or IntegerConstant or FloatConstant or NullPointer or EnumeratorConstant
            or StringConstant => true,
        Dereference { Pointer: var pointer } => IsPure(pointer),
        MemberAccess { Record: var record } => IsPure(record),
        ArrayDecay { Array: var array } => IsPure(array),
        AddressOf { Place: var place } => IsPure(place),
        PointerOffset { Pointer: var pointer, Index: var index } => IsPure(pointer) && IsPure(index),
        Conversion { Operand: var operand } => IsPure(operand),
        Arithmetic { Left: var left, Right: var right } => IsPure(left) && IsPure(right),
        UnaryArithmetic { Operand: var operand } => IsPure(operand),
        _ => false,
    };
}
