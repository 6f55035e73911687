using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Reading;

/// <summary>A number that a header defines as a static const variable instead of a macro.</summary>
internal static class ConstantVariable
{
    /// <returns>Null when the variable has no constant number as its value.</returns>
    public static ConstantModel? Read(
        CXCursor variable, TypeReader types, CompilerOptions options, Overlay overlay)
    {
        if (types.Read(variable.Type().Canonical()) is not PrimitiveType type)
        {
            return null;
        }
        nint result = LibClang.clang_Cursor_Evaluate(variable);
        if (result == 0)
        {
            return null;
        }
        try
        {
            return (LibClang.clang_EvalResult_getKind(result), type.Keyword) switch
            {
                (EvaluationKind.Int, not ("float" or "double")) => Constant(
                    ConstantKind.Integer,
                    LibClang.clang_EvalResult_isUnsignedInt(result) != 0
                        ? LibClang.clang_EvalResult_getAsUnsigned(result)
                        : (ulong)LibClang.clang_EvalResult_getAsLongLong(result),
                    0),
                (EvaluationKind.Float, "float" or "double") => Constant(
                    ConstantKind.Floating, 0, LibClang.clang_EvalResult_getAsDouble(result)),
                _ => null,
            };
        }
        finally
        {
            LibClang.clang_EvalResult_dispose(result);
        }

        ConstantModel Constant(ConstantKind kind, ulong bits, double floating)
        {
            string name = variable.Spelling();
            return new ConstantModel(
                options.Rename(name), kind, overlay.ConstantType(name) ?? MacroReader.AsConstant(type), bits,
                floating, "", null, variable.Location())
            { CName = name };
        }
    }
}
