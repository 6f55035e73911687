using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NvmeGpu.HeaderCompiler.Emitting;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>Expressions as C#: the typed form decides everything, this only spells it.</summary>
internal sealed class ExpressionWriter(NameScope names)
{
    /// <summary>Local functions that the text calls, in the order of their first call.</summary>
    public List<LocalFunction> Called { get; } = [];

    /// <summary>An expression on its own: its value is not used.</summary>
    /// <returns>Null where nothing would happen.</returns>
    public string? Statement(Expression expression) => expression switch
    {
        Assignment or CompoundAssignment => Spell(expression, isValueUsed: false).Text,
        Call call when names.IsPointer(call.Function)
            && call.Type is CTruth => $"_ = {Spell(expression).Text}",
        Call or PointerCall or LocalFunctionCall or Step => Spell(expression).Text,
        IntrinsicCall { Intrinsic.Format: "{0}", Arguments: var arguments } => Statement(arguments[0]),
        IntrinsicCall => Spell(expression).Text,
        Conversion { Operand: var operand } => Statement(operand),
        _ when HasNoEffect(expression) => null,
        { Type: CVoid } => Spell(expression).Text,
        _ => $"_ = {Spell(expression).Text}",
    };

    public string Condition(Expression expression) => Spell(expression).Text;

    /// <summary>
    /// A value where C# knows the type that it must have (assignments, arguments, results): conversions that
    /// C# makes by itself are left out.
    /// </summary>
    public string Value(Expression expression)
    {
        (string text, int rank) = Implicit(expression);
        // `f(a < b, c > (d))` would be read as one generic call.
        return rank == Rank.Relational ? $"({text})" : text;
    }

    public string Place(Expression expression, int rank = Rank.Unary) => Spelled(expression, rank);

    public static string TypeName(NameScope names, CType type) => names.Type(type.Native);

    private (string Text, int Rank) Implicit(Expression expression) => expression switch
    {
        IntegerConstant { Name: null } constant when IsPlain(constant) => ($"{constant.Bits}", Rank.Primary),
        Conversion { Operand: var operand, To: CInteger to } when operand.Type is CInteger from
            && operand is not IntegerConstant && IsImplicit(from, to) => Implicit(operand),
        _ => Spell(expression),
    };

    private static bool IsPlain(IntegerConstant constant) =>
        constant.Bits <= int.MaxValue && !(IsUnsignedChar(constant.Integer) && constant.Bits > 127)
        && (!constant.Integer.IsSigned || constant.Bits <= 127 || constant.Integer.SizeBytes >= 4);

    // C#'s implicit numeric conversions.
    private static bool IsImplicit(CInteger from, CInteger to) =>
        !IsUnsignedChar(from) && !IsUnsignedChar(to)
        && !(to.Keyword == "nint" && from.Keyword == "uint")
        && (from.SizeBytes < to.SizeBytes
            ? !from.IsSigned || to.IsSigned
            : from.SizeBytes == to.SizeBytes && from.IsSigned == to.IsSigned
                && to.Keyword is "long" or "ulong" && from.Keyword is not ("long" or "ulong"));

    // Plain char on aarch64: unsigned in C, an sbyte in C#.
    private static bool IsUnsignedChar(CInteger type) => type is { Keyword: "sbyte", IsSigned: false };

    private static bool HasNoEffect(Expression expression) => expression switch
    {
        VariableReference or IntegerConstant or FloatConstant or NullPointer or EnumeratorConstant
            or StringConstant => true,
        MemberAccess { Record: var record } => HasNoEffect(record),
        Conversion { Operand: var operand } => HasNoEffect(operand),
        ArrayDecay { Array: var array } => HasNoEffect(array),
        AddressOf { Place: var place } => HasNoEffect(place),
        _ => false,
    };

    private string Spelled(Expression expression, int rank)
    {
        (string text, int own) = Spell(expression);
        return own < rank ? $"({text})" : text;
    }

    private (string Text, int Rank) Spell(Expression expression, bool isValueUsed = true)
    {
        switch (expression)
        {
            case IntegerConstant constant:
                return SpellInteger(constant);
            case FloatConstant constant:
                return SpellFloat(constant);
            case EnumeratorConstant enumerator:
                return ($"({enumerator.Integer.Keyword}){names.Enumerator(enumerator)}", Rank.Unary);
            case NullPointer:
                return ("null", Rank.Primary);
            case VariableReference { Variable: var variable }:
                return SpellVariable(variable);
            case Dereference dereference:
                return SpellDereference(dereference);
            case MemberAccess member:
                return SpellMember(member);
            case ArrayDecay decay:
                return SpellDecay(decay);
            case AddressOf { Place: VariableReference { Variable: { IsStored: true } variable } }:
                return (names.Pointer(variable), Rank.Primary);
            case AddressOf address:
                return ($"&{Spelled(address.Place, Rank.Unary)}", Rank.Unary);
            case AddressOfFunction function:
                return ($"({names.Type(function.Pointer.Native)})&{names.Thunk(function.Function)}",
                    Rank.Unary);
            case PointerOffset offset:
                return SpellOffset(offset);
            case PointerDifference difference:
                return SpellDifference(difference);
            case Conversion conversion:
                return SpellConversion(conversion);
            case Arithmetic arithmetic:
                return SpellArithmetic(arithmetic);
            case UnaryArithmetic { Operator: "-", Operand.Type: CInteger { IsSigned: false } } minus:
                return ($"0 - {Spelled(minus.Operand, Rank.Multiplicative)}", Rank.Additive);
            case UnaryArithmetic unary:
                string operand = Spelled(unary.Operand, Rank.Unary);
                return ($"{unary.Operator}{(operand[0] == '-' ? $"({operand})" : operand)}", Rank.Unary);
            case Comparison comparison:
                return SpellComparison(comparison);
            case Logical { Operator: var symbol } logical:
                int rank = symbol == "&&" ? Rank.LogicalAnd : Rank.LogicalOr;
                return ($"{Spelled(logical.Left, rank)} {symbol} {Spelled(logical.Right, rank + 1)}", rank);
            case Negation negation:
                return ($"!{Spelled(negation.Operand, Rank.Unary)}", Rank.Unary);
            case Assignment assignment:
                return SpellAssignment(assignment, isValueUsed);
            case CompoundAssignment compound:
                return SpellCompound(compound, isValueUsed);
            case Step step:
                string symbols = step.IsIncrement ? "++" : "--";
                string place = Spelled(step.Place, step.IsPrefix ? Rank.Unary : Rank.Primary);
                return step.IsPrefix ? (symbols + place, Rank.Unary) : (place + symbols, Rank.Primary);
            case Conditional conditional:
                return (
                    $"{Spelled(conditional.Condition, Rank.LogicalOr)} ? {Arm(conditional.Then)}"
                    + $" : {Arm(conditional.Else)}", Rank.Conditional);
            case Call call when names.IsPointer(call.Function):
                return SpellTableCall(call);
            case Call call:
                return ($"{names.Function(call.Function)}({Arguments(call.Arguments)})", Rank.Primary);
            case PointerCall call:
                return ($"{Spelled(call.Function, Rank.Primary)}({Arguments(call.Arguments)})", Rank.Primary);
            case IntrinsicCall call:
                return SpellIntrinsic(call);
            case LocalFunctionCall { Function: var function }:
                if (!Called.Contains(function))
                {
                    Called.Add(function);
                }
                return ($"{names.Local(function)}()", Rank.Primary);
            default:
                throw new System.Diagnostics.UnreachableException(expression.GetType().Name);
        }
    }

    private string Arguments(IEnumerable<Expression> arguments) => string.Join(", ", arguments.Select(Value));

    // In the table _Bool is a byte, as for every function pointer; in methods it is a C# bool.
    private (string Text, int Rank) SpellTableCall(Call call)
    {
        IEnumerable<Expression> arguments = call.Arguments.Select(argument =>
            argument.Type is CTruth ? new Conversion(argument, CBool.Instance) : argument);
        string text = $"{names.Function(call.Function)}({Arguments(arguments)})";
        return call.Type is CTruth ? ($"{text} != 0", Rank.Equality) : (text, Rank.Primary);
    }

    // Both arms must have the type themselves: a bare null has none.
    private string Arm(Expression expression) => expression is NullPointer
        ? $"({names.Type(expression.Type.Native)})null" : Spelled(expression, Rank.Conditional + 1);

    private (string Text, int Rank) SpellVariable(Variable variable)
    {
        if (variable.IsStored && variable.Type is not CArray)
        {
            return ($"*{names.Pointer(variable)}", Rank.Unary);
        }
        return variable.IsCSharpBool
            ? ($"(byte)({names.Local(variable)} ? 1 : 0)", Rank.Unary)
            : (names.Local(variable), Rank.Primary);
    }

    private (string Text, int Rank) SpellDereference(Dereference dereference)
    {
        if (dereference.Pointer is PointerOffset
            {
                IsNegative: false,
                Result.Target: not (CVoid or CArray)
            } offset)
        {
            return ($"{Spelled(offset.Pointer, Rank.Primary)}[{Implicit(offset.Index).Text}]", Rank.Primary);
        }
        return ($"*{Spelled(dereference.Pointer, Rank.Unary)}", Rank.Unary);
    }

    private (string Text, int Rank) SpellMember(MemberAccess member)
    {
        // C# does not allow a member to have its type's name.
        string field = CSharpNames.Escape(
            member.Field.Name == member.Owner.Name ? member.Field.Name + "_" : member.Field.Name);
        return member.Record switch
        {
            VariableReference { Variable: { IsStored: true } variable } =>
                ($"{names.Pointer(variable)}->{field}", Rank.Primary),
            Dereference { Pointer: var pointer } when pointer is not PointerOffset { IsNegative: false } =>
                ($"{Spelled(pointer, Rank.Primary)}->{field}", Rank.Primary),
            Expression record => ($"{Spelled(record, Rank.Primary)}.{field}", Rank.Primary),
        };
    }

    private (string Text, int Rank) SpellDecay(ArrayDecay decay)
    {
        switch (decay.Array)
        {
            case VariableReference { Variable: var variable }:
                return (names.Pointer(variable), Rank.Primary);
            case StringConstant { Text: var text }:
                // Literals lie in the assembly's read-only data, which does not move.
                return (
                    "(sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference("
                    + $"{CSharpNames.Quote(text + "\0")}u8))", Rank.Unary);
            case MemberAccess { Field.Type: ArrayType { Length: 0 } } flexible:
                return SpellMember(flexible);
            case MemberAccess member:
                return ($"({names.Type(decay.Type.Native)})&{SpellMember(member).Text}", Rank.Unary);
            case Dereference { Pointer: var pointer }: // a pointer to an array, or a row of one
                return Spell(pointer);
            default:
                throw new System.Diagnostics.UnreachableException(decay.Array.GetType().Name);
        }
    }

    private (string Text, int Rank) SpellOffset(PointerOffset offset)
    {
        string symbol = offset.IsNegative ? "-" : "+";
        string pointer = Spelled(offset.Pointer, Rank.Additive);
        switch (offset.Result.Target)
        {
            case CVoid:
                return (
                    $"(void*)((byte*){Spelled(offset.Pointer, Rank.Unary)} {symbol} "
                    + $"{Spelled(offset.Index, Rank.Multiplicative)})", Rank.Unary);
            case CArray array:
                string wide = ((CInteger)offset.Index.Type).IsSigned ? "long" : "ulong";
                return (
                    $"{pointer} {symbol} ({wide}){Spelled(offset.Index, Rank.Unary)} * {array.FlatLength}",
                    Rank.Additive);
            default:
                (string index, int rank) = Implicit(offset.Index);
                return ($"{pointer} {symbol} {(rank < Rank.Multiplicative ? $"({index})" : index)}",
                    Rank.Additive);
        }
    }

    private (string Text, int Rank) SpellDifference(PointerDifference difference)
    {
        string cast = difference.Operand.Target is CVoid ? "(byte*)" : "";
        string text =
            $"{cast}{Spelled(difference.Left, Rank.Unary)} - {cast}{Spelled(difference.Right, Rank.Unary)}";
        if (difference.Operand.Target is CArray array)
        {
            text = $"({text}) / {array.FlatLength}";
        }
        return ($"({difference.Result.Keyword})({text})", Rank.Unary);
    }

    private (string Text, int Rank) SpellConversion(Conversion conversion)
    {
        CType from = conversion.Operand.Type;
        CType to = conversion.To;
        string type = names.Type(to.Native);
        bool isBool = conversion.Operand is VariableReference { Variable.IsCSharpBool: true };
        if (from is CTruth || isBool)
        {
            string condition = isBool
                ? names.Local(((VariableReference)conversion.Operand).Variable)
                : Spelled(conversion.Operand, Rank.LogicalOr);
            string number = $"({condition} ? 1 : 0)";
            return type == "int" ? (number, Rank.Primary) : ($"({type}){number}", Rank.Unary);
        }
        string operand = Spelled(conversion.Operand, Rank.Unary);
        if (names.Type(from.Native) == type && !(from is CInteger integer && IsUnsignedChar(integer)))
        {
            return Spell(conversion.Operand);
        }
        // C# has no direct way between these.
        string through = (from, to) switch
        {
            (CEnum, CPointer or CFunctionPointer) => "(nuint)",
            (CPointer or CFunctionPointer, CEnum) => "(nuint)",
            (CInteger unsigned, _) when IsUnsignedChar(unsigned) => "(byte)",
            _ => "",
        };
        // `(T)-x` and `(T)&x` are subtractions and conjunctions where T is no keyword.
        bool isAmbiguous = operand[0] is '-' or '+' or '&' or '*';
        return ($"({type}){through}{(isAmbiguous ? $"({operand})" : operand)}", Rank.Unary);
    }

    private (string Text, int Rank) SpellArithmetic(Arithmetic arithmetic)
    {
        int rank = Rank.Of(arithmetic.Operator);
        bool isShift = rank == Rank.Shift;
        string left = isShift
            ? Spelled(Promoted(arithmetic.Left), rank)
            : Operand(arithmetic.Left, arithmetic.Right, rank);
        string right = isShift
            ? Parenthesised(Implicit(arithmetic.Right), rank + 1)
            : Operand(arithmetic.Right, arithmetic.Left, rank + 1);
        return ($"{left} {arithmetic.Operator} {right}", rank);
    }

    private (string Text, int Rank) SpellComparison(Comparison comparison)
    {
        bool isEquality = comparison.Operator is "==" or "!=";
        if (isEquality && comparison.Right is IntegerConstant { Bits: 0 })
        {
            bool isEqual = comparison.Operator == "==";
            switch (comparison.Left)
            {
                case IntegerConstant { Bits: var bits }:
                    return ((bits == 0) == isEqual ? "true" : "false", Rank.Primary);
                case VariableReference { Variable: { IsCSharpBool: true } variable }:
                    return isEqual
                        ? ($"!{names.Local(variable)}", Rank.Unary) : (names.Local(variable), Rank.Primary);
            }
        }
        int rank = isEquality ? Rank.Equality : Rank.Relational;
        return (
            $"{Operand(comparison.Left, comparison.Right, rank)} {comparison.Operator} "
            + Operand(comparison.Right, comparison.Left, rank + 1),
            rank);
    }

    // C# promotes narrow operands to int by itself, and gives a literal the other operand's type.
    private string Operand(Expression expression, Expression other, int rank) =>
        expression is IntegerConstant { Name: null } constant && other is not IntegerConstant
            && constant.Bits <= int.MaxValue
            ? $"{constant.Bits}"
            : Spelled(Promoted(expression), rank);

    private static Expression Promoted(Expression expression) =>
        expression is Conversion
        {
            To: CInteger { Keyword: "int" },
            Operand: { Type: CInteger { SizeBytes: < 4 } narrow } operand,
        }
            && !IsUnsignedChar(narrow) && operand is not IntegerConstant
            ? operand : expression;

    private static string Parenthesised((string Text, int Rank) spelled, int rank) =>
        spelled.Rank < rank ? $"({spelled.Text})" : spelled.Text;

    private (string Text, int Rank) SpellAssignment(Assignment assignment, bool isValueUsed)
    {
        string place = Spelled(assignment.Place, Rank.Unary);
        if (isValueUsed && assignment.Place is MemberAccess { Field.WidthBits: int width }
            && (assignment.Place.Type as CInteger ?? (assignment.Place.Type as CEnum)?.Integer) is { } type)
        {
            // The property cuts what it stores; the assignment's value in C is what was stored.
            string cast = assignment.Place.Type is CEnum
                ? $"({names.Type(assignment.Place.Type.Native)})" : "";
            return (
                $"{place} = {cast}{CutTo(Spelled(assignment.Value, Rank.Unary), type, width)}",
                Rank.Assignment);
        }
        return ($"{place} = {Value(assignment.Value)}", Rank.Assignment);
    }

    private static string CutTo(string value, CInteger type, int width) => type.IsSigned
        ? $"({type.Keyword})((long)((ulong){value} << {64 - width}) >> {64 - width})"
        : $"({type.Keyword})((ulong){value} & 0x{(width == 64 ? ulong.MaxValue : (1UL << width) - 1):X})";

    private (string Text, int Rank) SpellCompound(CompoundAssignment compound, bool isValueUsed)
    {
        CType type = compound.Place.Type;
        bool isBitField = compound.Place is MemberAccess { Field.WidthBits: not null };
        if (!isBitField && type == compound.Computation && type is CInteger { SizeBytes: >= 4 } or CFloat)
        {
            return (
                $"{Spelled(compound.Place, Rank.Unary)} {compound.Operator}= {Value(compound.Value)}",
                Rank.Assignment);
        }
        // C computes in the wider type and cuts the result.
        Clang.SourceLocation nowhere = default;
        var arithmetic = new Arithmetic(
            compound.Operator,
            Conversions.Convert(compound.Place, compound.Computation, nowhere),
            compound.Value,
            compound.Computation);
        return SpellAssignment(
            new Assignment(compound.Place, Conversions.Convert(arithmetic, type, nowhere)), isValueUsed);
    }

    private (string Text, int Rank) SpellIntrinsic(IntrinsicCall call)
    {
        Intrinsic intrinsic = call.Intrinsic;
        if (intrinsic.Format == "{0}")
        {
            return Spell(call.Arguments[0]);
        }
        object[] arguments = new object[call.Arguments.Count];
        for (int i = 0; i < arguments.Length; i++)
        {
            string? type = intrinsic.ParameterTypes?[i];
            Expression argument = call.Arguments[i];
            arguments[i] = type is null || names.Type(argument.Type.Native) == type
                ? intrinsic.Format.Contains($"ref *{{{i}}}", StringComparison.Ordinal)
                    ? Spelled(argument, Rank.Unary)
                    // Of this very type: the type chooses among methods of one name.
                    : type is null ? Value(argument) : Spelled(argument, Rank.Conditional)
                : $"({type}){Spelled(argument, Rank.Primary)}";
        }
        string text = string.Format(CultureInfo.InvariantCulture, intrinsic.Format, arguments);
        return intrinsic.Result is { } result && call.Type is CInteger to && to.Keyword != result
            ? ($"({to.Keyword}){text}", Rank.Unary) : (text, Rank.Primary);
    }

    private (string Text, int Rank) SpellInteger(IntegerConstant constant)
    {
        string keyword = constant.Integer.Keyword;
        if (constant.Name is { } name && names.Constant(name, constant) is { } named)
        {
            return named.Keyword == keyword
                ? (named.Text, Rank.Primary) : ($"({keyword}){named.Text}", Rank.Unary);
        }
        string text = CSharpNames.Literal(constant.Bits, keyword);
        return keyword switch
        {
            "int" => (text, text[0] == '-' ? Rank.Unary : Rank.Primary),
            "uint" => (text + "u", Rank.Primary),
            "long" => (text + "L", text[0] == '-' ? Rank.Unary : Rank.Primary),
            "ulong" => (text + "UL", Rank.Primary),
            _ => (text[0] == '-' ? $"({keyword})({text})" : $"({keyword}){text}", Rank.Unary),
        };
    }

    private static (string Text, int Rank) SpellFloat(FloatConstant constant)
    {
        bool isFloat = constant.Float.Primitive.Keyword == "float";
        string text = double.IsInfinity(constant.Value)
            ? $"{constant.Float.Primitive.Keyword}.{(constant.Value > 0 ? "Positive" : "Negative")}Infinity"
            : double.IsNaN(constant.Value) ? $"{constant.Float.Primitive.Keyword}.NaN"
            : isFloat ? ((float)constant.Value).ToString("R", CultureInfo.InvariantCulture) + "f"
            : constant.Value.ToString("R", CultureInfo.InvariantCulture) + "d";
        return (text, text[0] == '-' ? Rank.Unary : Rank.Primary);
    }
}

/// <summary>How strongly operators bind, C#'s order.</summary>
internal static class Rank
{
    public const int Assignment = 1;
    public const int Conditional = 2;
    public const int LogicalOr = 3;
    public const int LogicalAnd = 4;
    public const int Or = 5;
    public const int Xor = 6;
    public const int And = 7;
    public const int Equality = 8;
    public const int Relational = 9;
    public const int Shift = 10;
    public const int Additive = 11;
    public const int Multiplicative = 12;
    public const int Unary = 13;
    public const int Primary = 14;

    public static int Of(string symbol) => symbol switch
    {
        "*" or "/" or "%" => Multiplicative,
        "+" or "-" => Additive,
        "<<" or ">>" => Shift,
        "&" => And,
        "^" => Xor,
        _ => Or,
    };
}
