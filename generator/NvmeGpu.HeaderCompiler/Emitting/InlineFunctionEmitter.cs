using System.Collections.Generic;
using System.Linq;
using System.Security;
using NvmeGpu.HeaderCompiler.Options;
using NvmeGpu.HeaderCompiler.Translation;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Writes translated functions: static methods beside the constants, or methods of the function table for
/// those that call functions of the table.
/// </summary>
internal sealed class InlineFunctionEmitter(
    GeneratedFile file, Documentation documentation, Overlay overlay, InlineLibrary library,
    bool copiesComments)
{
    private readonly CComments _comments = new();

    public void Emit(TranslatedFunction function)
    {
        bool isInTable = library.IsInTable(function.Name);
        var names = new NameScope(library, isInTable);
        var dependencies = new List<string>();
        // An instance method goes with the table's fields, a static one with the constants.
        string name = library.NameOf(function.Name);
        file.Declare(name, isInTable ? "table-inline" : "inline", function.Name, dependencies, () =>
        {
            WriteDocumentation(function);
            file.Line(
                "/// <safety>The pointers are valid as the C API asks; contracts say for how long.</safety>");
            foreach (string attribute in overlay.Attributes(function.Name + "()"))
            {
                file.Line($"[{attribute}]");
            }
            file.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            string modifiers = isInTable ? "public unsafe" : "public static unsafe";
            string start = $"{modifiers} {names.Type(function.Result.Native)} {CSharpNames.Escape(name)}";
            WriteSignature(start, [.. function.Parameters.Select(
                parameter => Attributes(function, parameter)
                    + $"{TypeOf(parameter, names)} {names.Local(parameter)}")]);
            file.Open();
            file.Line("unsafe");
            file.Open();
            new MethodWriter(file, names).Write(function);
            file.Close();
            file.Close();
            foreach (string thunk in names.Thunks.Order(System.StringComparer.Ordinal))
            {
                Thunks.Add(thunk);
            }
            dependencies.AddRange(names.Dependencies);
        });
        file.Line();
    }

    /// <summary>Functions whose address a body takes: they need a form that C can call.</summary>
    public SortedSet<string> Thunks { get; } = new(System.StringComparer.Ordinal);

    public void EmitThunk(TranslatedFunction function)
    {
        var names = new NameScope(library, isInTable: false);
        string name = library.NameOf(function.Name);
        file.Declare(name + "_thunk", "inline", function.Name, [name], () =>
        {
            file.Line($"/// <summary>{name} as a function pointer of C.</summary>");
            file.Line("[UnmanagedCallersOnly]");
            bool isTruth = function.Result is CTruth;
            string result = isTruth ? "byte" : names.Type(function.Result.Native);
            string parameters = string.Join(", ", function.Parameters.Select(
                parameter => $"{names.Type(parameter.Type.Native)} {names.Local(parameter)}"));
            string arguments = string.Join(", ", function.Parameters.Select(
                parameter => names.Local(parameter) + (parameter.Type is CBool ? " != 0" : "")));
            string call = $"{CSharpNames.Escape(name)}({arguments})";
            // Not private: methods of the function table take its address, too.
            file.Line($"internal static unsafe {result} {name}_thunk({parameters}) =>");
            file.Line($"    {(isTruth ? $"(byte)({call} ? 1 : 0)" : call)};");
        });
        file.Line();
    }

    // The header's comment is copied only where inline functions have a folder of their own, which is not
    // committed.
    private void WriteDocumentation(TranslatedFunction function)
    {
        string manual = overlay.Manual(function.Name + "()") is { } page ? $"See {page}. " : "";
        IReadOnlyList<string> comment = copiesComments ? _comments.Above(function.Start) : [];
        if (comment.Count == 0)
        {
            documentation.Write(function.Name + "()");
            manual = "";
        }
        else
        {
            file.Line("/// <summary>");
            foreach (string line in comment)
            {
                file.Line($"/// {SecurityElement.Escape(line)}".TrimEnd());
            }
            file.Line("/// </summary>");
        }
        file.Line($"/// <remarks>{manual}Translated from {function.Location.Short}.</remarks>");
    }

    private string Attributes(TranslatedFunction function, Variable parameter) => string.Concat(
        overlay.Attributes($"{function.Name}({parameter.Name})").Select(attribute => $"[{attribute}] "));

    private static string TypeOf(Variable parameter, NameScope names) =>
        parameter.Type is CBool ? "bool" : names.Type(parameter.Type.Native);

    private void WriteSignature(string start, IReadOnlyList<string> parameters)
    {
        string line = $"{start}({string.Join(", ", parameters)})";
        if (line.Length <= 106)
        {
            file.Line(line);
            return;
        }
        file.Line(start + "(");
        for (int i = 0; i < parameters.Count; i++)
        {
            file.Line($"    {parameters[i]}{(i == parameters.Count - 1 ? ")" : ",")}");
        }
    }
}
