using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;
using NvmeGpu.HeaderCompiler.Reading;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>
/// Translates a library's inline functions and those that they reach. A function that calls a refused one is
/// refused as well.
/// </summary>
internal sealed class InlineTranslator(
    TypeReader types, LibraryModel library, Overlay overlay, CompilerOptions options, TranslationUnit unit)
{
    private readonly Queue<CXCursor> _waiting = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Unbound> _refused = new(StringComparer.Ordinal);

    public void Add(CXCursor definition)
    {
        if (_known.Add(definition.Spelling()))
        {
            _waiting.Enqueue(definition);
        }
    }

    /// <summary>Call when all that the headers export is in the model.</summary>
    public InlineLibrary Translate()
    {
        var result = new InlineLibrary(library, options);
        var translated = new Dictionary<string, TranslatedFunction>(StringComparer.Ordinal);
        while (_waiting.TryDequeue(out CXCursor definition))
        {
            string name = definition.Spelling();
            try
            {
                TranslatedFunction function =
                    new BodyReader(unit, new CTypeReader(types)).ReadFunction(definition);
                JumpCheck.Throw(function);
                translated.Add(name, function);
                AddReached(function);
            }
            catch (RefusedException refused)
            {
                Refuse(name, refused.Message, refused.Location);
            }
        }
        RefuseClashes(translated.Values);
        RefuseCallers(translated);
        FindTable(translated, result);
        result.Functions.AddRange(translated.Values.Where(function => !_refused.ContainsKey(function.Name)));
        library.Unbound.AddRange(_refused.Values.OrderBy(refused => refused.Location.Line));
        return result;
    }

    private void AddReached(TranslatedFunction function)
    {
        foreach ((string name, CXCursor declaration) in function.Reached)
        {
            CXCursor definition = LibClang.clang_getCursorDefinition(declaration);
            if (options.Excludes.Any(pattern => CompilerOptions.Matches(pattern, name)))
            {
                continue; // whoever excludes it has it elsewhere
            }
            if (LibClang.clang_Cursor_isNull(definition) == 0)
            {
                Add(definition);
            }
            else if (!library.Functions.Exists(exported => exported.ExportedName == name))
            {
                Refuse(
                    function.Name, $"call of {name}, which is not among the functions that are bound",
                    function.Location);
            }
        }
    }

    // C has macros and functions of one name; C# has one member of a name.
    private void RefuseClashes(IEnumerable<TranslatedFunction> functions)
    {
        HashSet<string> constants =
        [
            .. library.Constants.Select(constant => constant.Name),
            .. library.Enums.Where(model => model.IsAnonymous).SelectMany(
                model => model.Members.Select(member => member.Name)),
            .. library.Enums.Select(model => model.Name), // COLOR_RED is written color.COLOR_RED
            options.ClassName,
        ];
        foreach (TranslatedFunction function in functions)
        {
            string name = options.Rename(function.Name);
            if (constants.Contains(name))
            {
                Refuse(
                    function.Name,
                    $"{name} is the name of an enum or of another member of the class; give the function "
                    + "another one "
                    + $"with --remap {function.Name}=OTHER_NAME", function.Location);
            }
        }
    }

    private void RefuseCallers(Dictionary<string, TranslatedFunction> translated)
    {
        bool isChanged;
        do
        {
            isChanged = false;
            foreach (TranslatedFunction function in translated.Values)
            {
                string? callee = function.Reached.Keys.FirstOrDefault(_refused.ContainsKey);
                if (callee is not null && !_refused.ContainsKey(function.Name))
                {
                    Refuse(function.Name, $"call of {callee}, which was refused", function.Location);
                    isChanged = true;
                }
            }
        }
        while (isChanged);
    }

    private void FindTable(Dictionary<string, TranslatedFunction> translated, InlineLibrary result)
    {
        result.InTable.UnionWith(library.Functions
            .Select(function => function.ExportedName)
            .Where(name => !overlay.IsImplemented(name)));
        bool isChanged;
        do
        {
            isChanged = false;
            foreach (TranslatedFunction function in translated.Values)
            {
                if (function.Reached.Keys.Any(result.IsInTable))
                {
                    isChanged |= result.InTable.Add(function.Name);
                }
            }
        }
        while (isChanged);
        foreach (TranslatedFunction function in translated.Values.Where(f =>
            f.TakesAddressOfAny(result.InTable)))
        {
            Refuse(
                function.Name, "address of a function that is found when the program runs",
                function.Location);
        }
    }

    private void Refuse(string function, string construct, SourceLocation location) =>
        _refused.TryAdd(function, new Unbound("inline function", function, construct, location));
}
