using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;
using NvmeGpu.HeaderCompiler.Translation;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Turns a library's model into files: types, enums, constants, functions, accessibility and an index.
/// </summary>
internal sealed class LibraryEmitter(
    LibraryModel library,
    InlineLibrary inline,
    CompilerOptions options,
    Overlay overlay,
    IReadOnlyList<string> provenance)
{
    private readonly Accessibility _accessibility = new(options, library);
    private readonly List<string> _structs = [];
    private readonly List<GeneratedFile> _files = [];

    private string FunctionTable => options.ClassName + "Functions";

    // What an overlay's attributes are; a library that stands by itself and has none does not need them.
    private string Contracts => options.WritesHelperTypes && !overlay.HasAttributes
        ? "" : "NvmeGpu.Contracts";

    public LibraryOutput Emit()
    {
        NameClashes.ThrowIfAny(library, options.ClassName, FunctionTable);
        EmitTypes();
        EmitEnums();
        EmitConstants();
        EmitFunctions();
        GeneratedFile? inlineFile = EmitInlineFunctions();
        if (options.WritesHelperTypes)
        {
            HelperTypes.Write(Start("HelperTypes.g.cs", "System"));
        }
        if (_accessibility.IsChosenByBuild)
        {
            EmitAccessibility("Public", "Project mode: the types are public.", "public ");
            EmitAccessibility(
                "Internal",
                "Source mode: the types are internal to the consumer, and hidden from its friends.",
                "[Microsoft.CodeAnalysis.Embedded] internal ");
        }
        overlay.ThrowOnUnused();
        foreach (string name in _accessibility.Unused())
        {
            library.Warnings.Add($"--with-access-specifier {name}: the headers have nothing of this name");
        }

        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var inlineTexts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (inlineFile is not null && options.InlineOutput is not null)
        {
            _files.Remove(inlineFile);
            inlineTexts.Add(inlineFile.Name, inlineFile.Text);
            inlineTexts.Add("index.txt", Index([inlineFile]));
        }
        foreach (GeneratedFile file in _files)
        {
            texts.Add(file.Name, file.Text);
        }
        texts.Add("index.txt", Index(_files));
        return new LibraryOutput(texts, inlineTexts, inline.Functions.Count);
    }

    private GeneratedFile? EmitInlineFunctions()
    {
        if (inline.Functions.Count == 0)
        {
            return null;
        }
        GeneratedFile file = Start(
            "InlineFunctions.g.cs", "System", "System.Buffers.Binary", "System.Numerics",
            "System.Runtime.CompilerServices", "System.Runtime.InteropServices", "System.Threading",
            Contracts);
        // Unreachable code, unused labels and variables, assignments and comparisons that C means as they
        // are.
        file.Line(
            "#pragma warning disable CS0162, CS0164, CS0168, CS0219, CS0652, CS0675, CS1522, CS1717, CS1718, "
            + "CS8909");
        file.Line();
        var emitter = new InlineFunctionEmitter(
            file, new Documentation(file, overlay), overlay, inline,
            copiesComments: options.InlineOutput is not null);
        List<TranslatedFunction> functions =
            [.. inline.Functions.OrderBy(function => function.Name, StringComparer.Ordinal)];
        file.Line($"static partial class {options.ClassName}");
        file.Open();
        functions.Where(function => !inline.IsInTable(function.Name)).ToList().ForEach(emitter.Emit);
        functions.Where(function => emitter.Thunks.Contains(function.Name)).ToList()
            .ForEach(emitter.EmitThunk);
        file.Close();
        string constants = $"static partial class {options.ClassName};";
        if (!_structs.Contains(constants))
        {
            _structs.Add(constants);
        }
        List<TranslatedFunction> ofTable = [.. functions.Where(function => inline.IsInTable(function.Name))];
        if (ofTable.Count > 0)
        {
            file.Line();
            file.Line($"sealed partial class {FunctionTable}");
            file.Open();
            ofTable.ForEach(emitter.Emit);
            file.Close();
        }
        return file;
    }

    private void EmitTypes()
    {
        if (library.Records.Count == 0)
        {
            return;
        }
        GeneratedFile file = Start(
            "Types.g.cs", "System", "System.Runtime.CompilerServices", "System.Runtime.InteropServices",
            Contracts);
        var emitter = new RecordEmitter(
            file, new Documentation(file, overlay), overlay, library, _accessibility);
        foreach (RecordModel record in library.Records.OrderBy(record => record.Name, StringComparer.Ordinal))
        {
            emitter.Emit(record);
            AddPartial(record.Name, "", "struct");
        }
    }

    private void EmitEnums()
    {
        List<EnumModel> named = [.. library.Enums.Where(model => !model.IsAnonymous)];
        if (named.Count == 0)
        {
            return;
        }
        GeneratedFile file = Start("Enums.g.cs", "System");
        var emitter = new EnumEmitter(file, new Documentation(file, overlay), overlay, _accessibility);
        foreach (EnumModel model in named.OrderBy(model => model.Name, StringComparer.Ordinal))
        {
            emitter.Emit(model);
        }
    }

    private void EmitConstants()
    {
        IEnumerable<ConstantModel> ofEnums = library.Enums
            .Where(model => model.IsAnonymous)
            .SelectMany(model => model.Members.Select(member => new ConstantModel(
                member.Name, ConstantKind.Integer,
                overlay.ConstantType(member.CName) ?? TypeOf(member, model),
                (ulong)member.Value, 0, "", null, model.Location)
            { CName = member.CName }));
        List<ConstantModel> constants = [.. library.Constants, .. ofEnums];
        if (constants.Count == 0)
        {
            return;
        }
        bool hasContracts = constants.Exists(constant => overlay.Attributes(constant.Name).Count > 0);
        GeneratedFile file = Start("Constants.g.cs", "System", hasContracts ? Contracts : "");
        var documentation = new Documentation(file, overlay);
        var emitter = new ConstantEmitter(file, documentation, overlay, _accessibility, options.ClassName);
        documentation.Write(options.ClassName);
        file.Line($"{AccessOf(options.ClassName)}static partial class {options.ClassName}");
        file.Open();
        foreach (
            ConstantModel constant in constants.OrderBy(constant => constant.Name, StringComparer.Ordinal))
        {
            emitter.Emit(constant);
        }
        file.Close();
        AddPartial(options.ClassName, "static ", "class");
    }

    // To C an enumerator that fits is an int, whatever type its enum has.
    private static PrimitiveType TypeOf(EnumMember member, EnumModel model) =>
        (model.Underlying.IsUnsigned
            ? (ulong)member.Value <= int.MaxValue : member.Value == (int)member.Value)
            ? new PrimitiveType("int", 4)
            : model.Underlying;

    private void EmitFunctions()
    {
        if (library.Functions.Count == 0)
        {
            return;
        }
        GeneratedFile file = Start("Functions.g.cs", "System", Contracts);
        var emitter = new FunctionEmitter(
            file, new Documentation(file, overlay), overlay, options, _accessibility, FunctionTable);
        string from = options.LibraryPath is null ? "the library" : options.LibraryPath;
        file.Line($"/// <summary>The functions that {from} exports. A field is null where the library lacks "
            + "the function.</summary>");
        file.Line("/// <param name=\"find\">Gives a function's address by name, or 0.</param>");
        file.Line($"{AccessOf(FunctionTable)}sealed partial class {FunctionTable}(Func<string, nint> find)");
        file.Open();
        if (options.LibraryPath is not null)
        {
            file.Line("/// <summary>The file name to load the library by.</summary>");
            file.Line($"public const string LibraryPath = {CSharpNames.Quote(options.LibraryPath)};");
            file.Line();
        }
        Dictionary<string, FunctionModel> byName = library.Functions.ToDictionary(function => function.Name);
        foreach (FunctionModel function in library.Functions.OrderBy(
            function => function.Name, StringComparer.Ordinal))
        {
            emitter.Emit(function);
        }
        foreach (FunctionAlias alias in library.Aliases.OrderBy(alias => alias.Name, StringComparer.Ordinal))
        {
            if (byName.TryGetValue(alias.Target, out FunctionModel? target))
            {
                emitter.EmitAlias(alias, target);
            }
        }
        file.Close();
        AddPartial(FunctionTable, "sealed ", "class");
    }

    private string AccessOf(string type) => _accessibility.OfType(type) is { } access ? access + " " : "";

    private void AddPartial(string name, string modifiers, string keyword)
    {
        if (_accessibility.OfType(name) is null)
        {
            _structs.Add($"{modifiers}partial {keyword} {CSharpNames.Escape(name)};");
        }
    }

    private void EmitAccessibility(string mode, string comment, string modifiers)
    {
        GeneratedFile file = Start($"Accessibility.{mode}.g.cs");
        file.Line($"// {comment}");
        foreach (string declaration in _structs)
        {
            file.Line(modifiers + declaration);
        }
    }

    private GeneratedFile Start(string name, params string[] usings)
    {
        var file = new GeneratedFile(name);
        _files.Add(file);
        file.Line("#nullable enable");
        file.Line("// <auto-generated>");
        foreach (string line in provenance)
        {
            file.Line("// " + line);
        }
        file.Line("// </auto-generated>");
        file.Line("#pragma warning disable CS8981 // C names are in lower case");
        // The attributes are the bindings' own, or the library's when it stands by itself.
        IEnumerable<string> used = usings.Where(use => use.Length > 0);
        foreach (string use in options.WritesHelperTypes || options.Namespace == "NvmeGpu.Bindings"
            ? used
            : [.. used, "NvmeGpu.Bindings"])
        {
            file.Line($"using {use};");
        }
        file.Line();
        file.Line($"namespace {options.Namespace};");
        file.Line();
        return file;
    }

    // Tab-separated, sorted by name: name, kind, file, start, length, dependencies, C spelling.
    private string Index(IEnumerable<GeneratedFile> files)
    {
        var text = new StringBuilder();
        foreach (string line in provenance)
        {
            text.Append("# ").Append(line).Append('\n');
        }
        text.Append(
            "# name, kind, file, start, length, dependencies, C spelling (where it differs from the name)\n");
        foreach (IndexEntry entry in files
            .SelectMany(file => file.Entries)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .ThenBy(entry => entry.File, StringComparer.Ordinal))
        {
            text.AppendJoin('\t',
                entry.Name, entry.Kind, entry.File, entry.Start, entry.Length, string.Join(
                    ' ', entry.Dependencies),
                entry.Spelling == entry.Name ? "" : entry.Spelling);
            text.Append('\n');
        }
        return text.ToString();
    }
}

/// <summary>File name to text, for the two folders that a library is written to.</summary>
/// <param name="Inline">Empty where inline functions go with the rest.</param>
internal sealed record LibraryOutput(
    SortedDictionary<string, string> Bindings, SortedDictionary<string, string> Inline, int InlineFunctions);
