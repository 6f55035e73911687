using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Emitting;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>A library's translated functions, and the names that their bodies use.</summary>
internal sealed class InlineLibrary(LibraryModel library, CompilerOptions options)
{
    private Dictionary<string, ConstantModel>? _constants;
    private HashSet<string>? _declared;
    private HashSet<string>? _translated;
    private Dictionary<RecordModel, RecordModel>? _parents;

    public string ClassName => options.ClassName;

    /// <summary>The C# name of a function.</summary>
    public string NameOf(string function) => options.Rename(function);

    public List<TranslatedFunction> Functions { get; } = [];

    /// <summary>
    /// Functions that are reached through the function table: exported ones without C# of ours, and what
    /// calls them.
    /// </summary>
    public HashSet<string> InTable { get; } = new(StringComparer.Ordinal);

    public bool IsInTable(string function) => InTable.Contains(function);

    public bool IsTranslated(string function) =>
        (_translated ??= [.. Functions.Select(translated => translated.Name)]).Contains(function);

    public ConstantModel? Constant(string name)
    {
        _constants ??= library.Constants
            .Concat(library.Enums.Where(model => model.IsAnonymous).SelectMany(model => model.Members.Select(
                member => new ConstantModel(
                    member.Name, ConstantKind.Integer, new PrimitiveType("int", 4), (ulong)member.Value, 0,
                    "", null,
                    model.Location)
                { CName = member.CName })))
            .GroupBy(constant => constant.CName)
            .ToDictionary(group => group.Key, group => group.First());
        return _constants.GetValueOrDefault(name);
    }

    /// <summary>Whether a local variable of this name would hide something that bodies use.</summary>
    public bool Declares(string name)
    {
        _declared ??=
        [
            .. library.Constants.Select(constant => constant.Name),
            .. library.Enums.Select(model => model.Name),
            .. library.Enums.Where(model => model.IsAnonymous).SelectMany(
                model => model.Members.Select(member => member.Name)),
            .. library.Records.Select(record => record.Name),
            .. library.Functions.Select(function => function.Name),
            .. Functions.Select(function => NameOf(function.Name)),
            ClassName, "Volatile", "Interlocked", "NativeMemory", "Unsafe", "MemoryMarshal", "BitOperations",
            "BinaryPrimitives",
        ];
        return _declared.Contains(name);
    }

    /// <summary>A type as a method sees it: a struct inside another by its full name.</summary>
    public string Spell(NativeType type) => type switch
    {
        PointerType pointer => Spell(pointer.Target) + "*",
        ArrayType array => Spell(array.Element) + "*",
        RecordType { Record: var record } => Spell(record),
        FunctionPointerType function =>
            $"delegate* "
            + $"unmanaged<{string.Join(", ", function.Parameters.Append(function.Result).Select(Spell))}>",
        _ => CSharpNames.Of(type),
    };

    private string Spell(RecordModel record)
    {
        if (_parents is null)
        {
            _parents = [];
            foreach (RecordModel outer in library.Records)
            {
                AddNested(outer, _parents);
            }
        }
        string name = CSharpNames.Escape(record.Name);
        return _parents.TryGetValue(record, out RecordModel? parent) ? $"{Spell(parent)}.{name}" : name;
    }

    private static void AddNested(RecordModel outer, Dictionary<RecordModel, RecordModel> parents)
    {
        foreach (RecordModel nested in outer.Nested)
        {
            parents[nested] = outer;
            AddNested(nested, parents);
        }
    }
}
