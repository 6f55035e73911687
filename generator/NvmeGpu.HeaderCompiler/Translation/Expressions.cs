using System.Collections.Generic;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>A value or a place in memory, with its type. Every conversion is a node of its own.</summary>
internal abstract record Expression(CType Type);

/// <param name="Bits">Sign- or zero-extended to 64 bits by the type.</param>
/// <param name="Name">The constant that the C text names here, if it does.</param>
internal sealed record IntegerConstant(CInteger Integer, ulong Bits, string? Name = null)
    : Expression(Integer);

internal sealed record FloatConstant(CFloat Float, double Value) : Expression(Float);

internal sealed record EnumeratorConstant(EnumModel Enum, string Member, CInteger Integer, ulong Bits)
    : Expression(Integer);

internal sealed record NullPointer(CType Pointer) : Expression(Pointer);

/// <summary>A string literal; its bytes end with a zero that is not in <paramref name="Text"/>.</summary>
internal sealed record StringConstant(string Text, CArray Array) : Expression(Array);

/// <summary>A place: a local variable or a parameter.</summary>
internal sealed record VariableReference(Variable Variable) : Expression(Variable.Type);

/// <summary>A place: what a pointer points to.</summary>
internal sealed record Dereference(Expression Pointer, CType Target) : Expression(Target);

/// <summary>A place (or part of a value) inside a struct or union. Anonymous members are passed
/// through.</summary>
internal sealed record MemberAccess(Expression Record, RecordModel Owner, FieldModel Field, CType FieldType)
    : Expression(FieldType);

/// <summary>The address of an array's first element.</summary>
internal sealed record ArrayDecay(Expression Array, CType Pointer) : Expression(Pointer);

internal sealed record AddressOf(Expression Place, CType Pointer) : Expression(Pointer);

/// <summary>A translated function as a C function pointer.</summary>
internal sealed record AddressOfFunction(string Function, CFunctionPointer Pointer) : Expression(Pointer);

internal sealed record PointerOffset(Expression Pointer, Expression Index, bool IsNegative, CPointer Result)
    : Expression(Result);

internal sealed record PointerDifference(Expression Left, Expression Right, CPointer Operand, CInteger Result)
    : Expression(Result);

internal sealed record Conversion(Expression Operand, CType To) : Expression(To);

/// <param name="Operator"><c>+ - * / % &amp; | ^ &lt;&lt; &gt;&gt;</c>: the same in C and C#.</param>
internal sealed record Arithmetic(string Operator, Expression Left, Expression Right, CType Result)
    : Expression(Result);

/// <param name="Operator"><c>-</c> or <c>~</c>.</param>
internal sealed record UnaryArithmetic(string Operator, Expression Operand, CType Result)
    : Expression(Result);

internal sealed record Comparison(string Operator, Expression Left, Expression Right)
    : Expression(CTruth.Instance);

/// <param name="Operator"><c>&amp;&amp;</c> or <c>||</c>.</param>
internal sealed record Logical(string Operator, Expression Left, Expression Right)
    : Expression(CTruth.Instance);

internal sealed record Negation(Expression Operand) : Expression(CTruth.Instance);

internal sealed record Assignment(Expression Place, Expression Value) : Expression(Place.Type);

/// <summary><c>place op= value</c>, where naming the place twice has no effect of its own.</summary>
internal sealed record CompoundAssignment(
    Expression Place, string Operator, Expression Value, CType Computation)
    : Expression(Place.Type);

internal sealed record Step(Expression Place, bool IsIncrement, bool IsPrefix) : Expression(Place.Type);

internal sealed record Conditional(Expression Condition, Expression Then, Expression Else, CType Result)
    : Expression(Result);

internal sealed record Call(string Function, IReadOnlyList<Expression> Arguments, CType Result)
    : Expression(Result);

internal sealed record PointerCall(Expression Function, IReadOnlyList<Expression> Arguments, CType Result)
    : Expression(Result);

/// <summary>C# that stands for a function of the compiler or of our prelude.</summary>
internal sealed record IntrinsicCall(Intrinsic Intrinsic, IReadOnlyList<Expression> Arguments, CType Result)
    : Expression(Result);

/// <summary>
/// What C writes inside an expression and C# cannot: a comma, a statement expression, a compound literal.
/// </summary>
internal sealed record LocalFunctionCall(LocalFunction Function) : Expression(Function.Result);

/// <summary>A function without parameters inside the method, over the method's variables.</summary>
internal sealed class LocalFunction(string name, CType result)
{
    public string Name => name;

    public CType Result => result;

    /// <summary>A block of C, in which compound literals live until its end: not so a comma.</summary>
    public bool IsBlock { get; set; }

    /// <summary>The bit-field of more bits than an int has whose value the result is.</summary>
    public FieldModel? WideBitField { get; set; }

    public List<Statement> Body { get; } = [];

    /// <summary>Those inside this one.</summary>
    public List<LocalFunction> Nested { get; } = [];

    /// <summary>Variables that this function declares.</summary>
    public List<Variable> Variables { get; } = [];
}

internal sealed class Variable(string name, CType type, bool isParameter, int depth)
{
    /// <summary>The C# name: unique in the method.</summary>
    public string Name => name;

    public CType Type => type;

    public bool IsParameter => isParameter;

    /// <summary>How many local functions are around its declaration.</summary>
    public int Depth => depth;

    public bool IsAssigned { get; set; }

    public bool IsAddressTaken { get; set; }

    /// <summary>A local function inside which it is not declared uses it.</summary>
    public bool IsCaptured { get; set; }

    public const int StackAlignBytes = 8;

    /// <summary>What C aligns it to. C# aligns locals to 8 bytes.</summary>
    public long AlignBytes => Alignment(type);

    /// <summary>The address of constants, not of storage of the method's own.</summary>
    public bool IsTable { get; set; }

    /// <summary>
    /// Reached by a pointer to storage at the top of the method: C# takes no address of a variable that a
    /// local function uses, and has no local arrays. Also a <c>_Bool</c> parameter, a C# bool, that is
    /// changed.
    /// </summary>
    public bool IsStored => type is CArray || AlignBytes > StackAlignBytes || (IsAddressTaken && IsCaptured)
        || (isParameter && type is CBool && !IsCSharpBool);

    private static long Alignment(CType type) => type switch
    {
        CArray array => Alignment(array.Element),
        CRecord record => record.Record.AlignBytes,
        _ => 0,
    };

    /// <summary>A <c>_Bool</c> parameter is a C# bool as long as nobody needs it in memory.</summary>
    public bool IsCSharpBool => isParameter && type is CBool && !IsAssigned && !IsAddressTaken;
}
