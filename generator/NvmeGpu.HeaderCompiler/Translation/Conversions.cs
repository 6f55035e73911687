using NvmeGpu.HeaderCompiler.Clang;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>The one place where a value gets another type.</summary>
internal static class Conversions
{
    public static Expression Convert(Expression value, CType to, SourceLocation location)
    {
        CType from = value.Type;
        if (from == to || to is CVoid)
        {
            return value;
        }
        switch (to)
        {
            case CTruth:
                return Truth(value, location);
            case CBool:
                return new Conversion(Truth(value, location), to);
            case CInteger integer when value is IntegerConstant constant:
                ulong bits = integer.Truncate(constant.Bits);
                return new IntegerConstant(integer, bits, bits == constant.Bits ? constant.Name : null);
            case CFloat real when value is IntegerConstant { Integer: var type, Bits: var bits2 }:
                // Rounded once: through a double, a float would be rounded twice.
                return new FloatConstant(real, real.Primitive.Keyword == "float"
                    ? (type.IsSigned ? (float)(long)bits2 : (float)bits2)
                    : (type.IsSigned ? (double)(long)bits2 : (double)bits2));
            case CPointer or CFunctionPointer when value is IntegerConstant { Bits: 0 } or NullPointer:
                return new NullPointer(to);
            case CInteger or CFloat or CEnum when from is CTruth or CBool or CInteger or CFloat or CEnum:
            case CInteger or CEnum when from is CPointer or CFunctionPointer:
            case CPointer or CFunctionPointer when from is CTruth or CBool or CInteger or CEnum:
            case CPointer or CFunctionPointer when from is CPointer or CFunctionPointer:
                return new Conversion(value, to);
            default:
                throw new RefusedException(
                    $"conversion from {Describe(from)} to {Describe(to)}", location);
        }
    }

    /// <summary>Whether the value is anything but zero, as a C# bool.</summary>
    public static Expression Truth(Expression value, SourceLocation location)
    {
        if (HiddenTruth(value) is { } truth)
        {
            return truth;
        }
        Expression zero = value.Type switch
        {
            CInteger integer => new IntegerConstant(integer, 0),
            CBool => new IntegerConstant(CInteger.Int, 0),
            CFloat real => new FloatConstant(real, 0),
            CPointer or CFunctionPointer => new NullPointer(value.Type),
            CEnum => new IntegerConstant(CInteger.Int, 0),
            _ => throw new RefusedException($"condition of {Describe(value.Type)}", location),
        };
        return new Comparison("!=", value, zero);
    }

    // Back through `!!x`, `__builtin_expect(!!x, 0)` and the like: 0 and 1 stay what they are.
    private static Expression? HiddenTruth(Expression value) => value switch
    {
        { Type: CTruth } => value,
        Conversion { Operand: var operand, To: CInteger or CBool } => HiddenTruth(operand),
        IntrinsicCall { Intrinsic.Format: "{0}", Arguments: var arguments } => HiddenTruth(arguments[0]),
        _ => null,
    };

    private static string Describe(CType type) => type switch
    {
        CTruth or CBool => "_Bool",
        CRecord record => record.Record.Spelling,
        CVoid => "void",
        _ => Emitting.CSharpNames.Of(type.Native),
    };
}
