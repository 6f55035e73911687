using System.Collections.Generic;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Translation;

internal sealed partial class BodyReader
{
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
        bool isMacro = left is IntegerConstant or EnumeratorConstant
            && right is IntegerConstant or EnumeratorConstant
            && NameOf(cursor) is not null;
        return (isConstant || isMacro) && ReadConstant(cursor) is { } constant ? constant : arithmetic;
    }

    // C leaves open whether a bit-field wider than int has the type that it is declared with: clang says so,
    // gcc computes in its own width. `(long)field` and an assignment are the same in both.
    private static void RefuseWideBitField(Expression operand, CXCursor cursor)
    {
        if (WideBitField(operand) is { } field)
        {
            throw Refuse(
                $"bit-field {field.Name} of {field.WidthBits} bits in an expression (compilers differ)",
                cursor);
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

    private Expression ReadPointerArithmetic(
        CXCursor cursor, string symbol, Expression left, Expression right)
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
}
