using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Writes a constant with the type that the C expression has, and the expression beside it.
/// </summary>
internal sealed class ConstantEmitter(GeneratedFile file, Documentation documentation)
{
    public void Emit(ConstantModel constant)
    {
        file.Declare(
            constant.Name, "constant", constant.Name, CSharpNames.DependenciesOf(constant.Type), () =>
        {
            documentation.Write(constant.Name);
            if (constant.Expression is not null)
            {
                file.Line($"[NativeExpression({CSharpNames.Quote(constant.Expression)})]");
            }
            file.Line(Declaration(constant));
        });
        file.Line();
    }

    private static string Declaration(ConstantModel constant)
    {
        string name = CSharpNames.Escape(constant.Name);
        string type = CSharpNames.Of(constant.Type);
        return constant.Kind switch
        {
            ConstantKind.Text =>
                $"public static ReadOnlySpan<byte> {name} => {CSharpNames.Quote(constant.Text)}u8;",
            ConstantKind.Pointer =>
                $"public static unsafe {type} {name} => "
                    + $"unchecked(({type})(nuint){CSharpNames.Literal(constant.Bits, "ulong")});",
            ConstantKind.Floating => $"public const {type} {name} = {Floating(constant.Floating, type)};",
            _ when constant.Type is EnumType { Enum: var model } =>
                $"public const {type} {name} = "
                    + $"({type})({CSharpNames.Literal(constant.Bits, model.Underlying.Keyword)});",
            _ => $"public const {type} {name} = {CSharpNames.Literal(constant.Bits, type)};",
        };
    }

    private static string Floating(double value, string type) => value switch
    {
        double.PositiveInfinity => $"{type}.PositiveInfinity",
        double.NegativeInfinity => $"{type}.NegativeInfinity",
        _ when double.IsNaN(value) => $"{type}.NaN",
        _ when type == "float" => $"{(float)value:R}f",
        _ => $"{value:R}d",
    };
}
