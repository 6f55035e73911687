using System.Collections.Generic;
using NvmeGpu.HeaderCompiler.Clang;

namespace NvmeGpu.HeaderCompiler.Translation;

internal sealed partial class BodyReader
{
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
        Expression address = whole is Dereference { Pointer: var inner }
            ? inner : new AddressOf(whole, pointerType);
        Expression once = new Dereference(new VariableReference(pointer), whole.Type);
        return (
            [new Declare(pointer, address)],
            place is MemberAccess { Field.WidthBits: not null } bits ? bits with { Record = once } : once);
    }

    private static Assignment Assign(CXCursor cursor, Expression place, Expression value)
    {
        if (place is not (VariableReference or Dereference or MemberAccess) || place.Type is CArray)
        {
            throw Refuse("assignment to something that is no place", cursor);
        }
        return new Assignment(place, Conversions.Convert(value, place.Type, cursor.Location()));
    }

    // clang has converted the right side to the type that the operation is done in (but for shifts, whose
    // sides are promoted each on its own).
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
            place, symbol, Conversions.Convert(value, isShift ? CInteger.Int : computation, location),
            computation);
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
