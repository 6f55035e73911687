namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// The attributes that generated code uses, for a library that stands by itself (ClangSharp's
/// <c>generate-helper-types</c>). Internal: each library has its own.
/// </summary>
internal static class HelperTypes
{
    public static void Write(GeneratedFile file)
    {
        Write(file, "NativeTypeName", "The C type that a field or function has in its header, where C# shows "
            + "another one.", "name", "Name");
        file.Line();
        Write(file, "NativeExpression", "The C expression whose value a constant is.", "expression",
            "Expression");
    }

    private static void Write(
        GeneratedFile file, string name, string summary, string parameter, string property)
    {
        file.Line($"/// <summary>{summary}</summary>");
        file.Line("[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]");
        file.Line("[System.Diagnostics.Conditional(\"DEBUG\")]");
        file.Line($"internal sealed class {name}Attribute(string {parameter}) : Attribute");
        file.Open();
        file.Line($"public string {property} {{ get; }} = {parameter};");
        file.Close();
    }
}
