using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Writes the function table: one field per function, found by name when the table is made and null where the
/// library lacks it. A function whose parameters have contracts is a method instead, since only those have
/// parameters that can carry attributes; its pointer is then NAME_pointer. Both are called the same way.
/// </summary>
internal sealed class FunctionEmitter(
    GeneratedFile file, Documentation documentation, Overlay overlay, CompilerOptions options,
        Accessibility accessibility, string tableName)
{
    public void Emit(FunctionModel function)
    {
        file.Declare(function.Name, "function", function.ExportedName, Dependencies(function), () =>
        {
            string type = PointerType(function);
            bool isMethod = overlay.NeedsMethod(function.ExportedName);
            string field = isMethod ? function.Name + "_pointer" : CSharpNames.Escape(function.Name);
            if (!isMethod)
            {
                documentation.Write(function.ExportedName + "()");
                WriteAttributes(function);
            }
            file.Line($"[NativeTypeName({CSharpNames.Quote(Signature(function))})]");
            file.Line($"{Access(function, function.Name)} readonly unsafe {type} {field} =");
            file.Line($"    ({type})find({CSharpNames.Quote(function.ExportedName)});");
            if (isMethod)
            {
                file.Line();
                documentation.Write(function.ExportedName + "()");
                WriteAttributes(function);
                WriteMethod(function, function.Name, field);
            }
        });
        file.Line();
    }

    /// <summary>Another name for a function of this table.</summary>
    public void EmitAlias(FunctionAlias alias, FunctionModel target)
    {
        file.Declare(alias.Name, "alias", alias.Target, Dependencies(target).Append(alias.Target), () =>
        {
            documentation.Write(alias.Name + "()");
            if (overlay.NeedsMethod(target.ExportedName))
            {
                WriteAttributes(target);
                WriteMethod(target, alias.Name, target.Name + "_pointer");
                return;
            }
            WriteAttributes(target);
            file.Line(
                $"{Access(target, alias.Name)} unsafe "
                + $"{PointerType(target)} {CSharpNames.Escape(alias.Name)}");
            file.Line("{");
            // A block, because from C# 15 on the modifier speaks to callers only.
            file.Line($"    get {{ unsafe {{ return {CSharpNames.Escape(alias.Target)}; }} }}");
            file.Line("}");
        });
        file.Line();
    }

    private string Access(FunctionModel function, string name) =>
        accessibility.OfMember(tableName, name, Dependencies(function));

    private void WriteAttributes(FunctionModel function)
    {
        foreach (string attribute in overlay.Attributes(function.ExportedName + "()"))
        {
            file.Line($"[{attribute}]");
        }
    }

    private void WriteMethod(FunctionModel function, string name, string field)
    {
        string result = CSharpNames.Of(function.Result);
        file.Line(
            "/// <safety>The pointers are valid as the C API asks; contracts say for how long.</safety>");
        string start = $"{Access(function, name)} unsafe {result} {CSharpNames.Escape(name)}(";
        file.Line(function.Parameters.Count == 0 ? start + ")" : start);
        for (int i = 0; i < function.Parameters.Count; i++)
        {
            ParameterModel parameter = function.Parameters[i];
            string attributes = string.Concat(
                overlay.Attributes($"{function.ExportedName}({parameter.Name})").Select(
                    attribute => $"[{attribute}] "));
            string end = i == function.Parameters.Count - 1 ? ")" : ",";
            file.Line($"    {attributes}{CSharpNames.Of(parameter.Type)} "
                + $"{CSharpNames.Escape(parameter.Name)}{end}");
        }
        file.Open();
        file.Line("unsafe");
        file.Open();
        string arguments =
            string.Join(", ", function.Parameters.Select(parameter => CSharpNames.Escape(parameter.Name)));
        file.Line($"{(result == "void" ? "" : "return ")}{field}({arguments});");
        file.Close();
        file.Close();
    }

    private string PointerType(FunctionModel function)
    {
        bool isGCFree = overlay.IsGCFree(function.ExportedName + "()")
            | options.SuppressGCTransition.Any(pattern =>
                CompilerOptions.Matches(pattern, function.ExportedName));
        var type = new FunctionPointerType(
            function.Result, [.. function.Parameters.Select(parameter => parameter.Type)]);
        return CSharpNames.Of(type, isGCFree);
    }

    private static string Signature(FunctionModel function)
    {
        string parameters = string.Join(
            ", ", function.Parameters.Select(parameter => $"{parameter.TypeSpelling} {parameter.Name}"));
        return $"{function.ResultSpelling} ({(parameters.Length == 0 ? "void" : parameters)})";
    }

    private static IEnumerable<string> Dependencies(FunctionModel function) => function.Parameters
        .SelectMany(parameter => CSharpNames.DependenciesOf(parameter.Type))
        .Concat(CSharpNames.DependenciesOf(function.Result));
}
