using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Writes a constant with the type that the C expression has, and the expression beside it.
/// </summary>
internal sealed class ConstantEmitter(
    GeneratedFile file, Documentation documentation, Overlay overlay, Accessibility accessibility,
    string className)
{
    public void Emit(ConstantModel constant)
    {
        file.Declare(
            constant.Name, "constant", constant.CName, CSharpNames.DependenciesOf(constant.Type), () =>
        {
            documentation.Write(constant.Name);
            if (constant.Expression is not null)
            {
                file.Line($"[NativeExpression({CSharpNames.Quote(constant.Expression)})]");
            }
            foreach (string attribute in overlay.Attributes(constant.Name))
            {
                file.Line($"[{attribute}]");
            }
            file.Line(Declaration(constant));
        });
        file.Line();
    }

    private string Declaration(ConstantModel constant)
    {
        string access = accessibility.OfMember(
            className, constant.Name, CSharpNames.DependenciesOf(constant.Type));
        string name = CSharpNames.Escape(constant.Name);
        string type = CSharpNames.Of(constant.Type);
        return constant.Kind switch
        {
            ConstantKind.Text =>
                $"{access} static ReadOnlySpan<byte> {name} => {CSharpNames.Quote(constant.Text)}u8;",
            ConstantKind.Pointer =>
                $"{access} static unsafe {type} {name} => "
                    + $"unchecked(({type})(nuint){CSharpNames.Literal(constant.Bits, "ulong")});",
            ConstantKind.Floating => $"{access} const {type} {name} = {Floating(constant.Floating, type)};",
            _ when constant.Type is EnumType { Enum: var model } =>
                $"{access} const {type} {name} = "
                    + $"({type})({CSharpNames.Literal(constant.Bits, model.Underlying.Keyword)});",
            _ => $"{access} const {type} {name} = {CSharpNames.Literal(constant.Bits, type)};",
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
