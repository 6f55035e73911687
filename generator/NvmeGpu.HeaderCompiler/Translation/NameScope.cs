using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Emitting;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>
/// What the names in one method mean: its locals, and the library's declarations, which it notes as
/// dependencies.
/// </summary>
internal sealed class NameScope(InlineLibrary library, bool isInTable)
{
    // by variable, local function, or what belongs to it
    private readonly Dictionary<object, string> _locals = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Everything of the library that the text names.</summary>
    public HashSet<string> Dependencies { get; } = new(StringComparer.Ordinal);

    /// <summary>Functions whose address is taken.</summary>
    public HashSet<string> Thunks { get; } = new(StringComparer.Ordinal);

    /// <summary>The variable's own name, but where the library means something else by it.</summary>
    public string Local(Variable variable) => Local(variable, variable.Name);

    public string Local(LocalFunction function) => Local(function, function.Name);

    /// <summary>The pointer to a variable that lies in storage at the top of the method.</summary>
    public string Pointer(Variable variable) =>
        variable.Type is CArray || !variable.IsParameter ? Local(variable)
            : Local((variable, "pointer"), variable.Name + "_pointer");

    public string Storage(Variable variable) => Local((variable, "storage"), variable.Name + "_storage");

    public string Type(NativeType type)
    {
        Dependencies.UnionWith(CSharpNames.DependenciesOf(type));
        return library.Spell(type);
    }

    public string Enumerator(EnumeratorConstant constant)
    {
        Dependencies.Add(constant.Enum.Name);
        string member = constant.Enum.Members.First(candidate => candidate.CName == constant.Member).Name;
        return $"{CSharpNames.Escape(constant.Enum.Name)}.{CSharpNames.Escape(member)}";
    }

    /// <summary>The library's constant of this name, if it has the value.</summary>
    public (string Text, string Keyword)? Constant(string name, IntegerConstant constant)
    {
        if (library.Constant(name) is not { Kind: ConstantKind.Integer, Type: PrimitiveType type } found
            || found.Bits != constant.Bits)
        {
            return null;
        }
        Dependencies.Add(found.Name);
        return (Qualified(CSharpNames.Escape(found.Name)), type.Keyword);
    }

    /// <summary>A function pointer of the table, not a method.</summary>
    public bool IsPointer(string function) => library.IsInTable(function) && !library.IsTranslated(function);

    public string Function(string function)
    {
        string name = library.NameOf(function);
        if (library.IsInTable(function) || library.IsTranslated(function))
        {
            Dependencies.Add(name); // our own methods for exported functions are always there
        }
        return library.IsInTable(function) ? CSharpNames.Escape(name) : Qualified(CSharpNames.Escape(name));
    }

    /// <summary>The form of a function that C can call through a pointer.</summary>
    public string Thunk(string function)
    {
        string name = library.NameOf(function) + "_thunk";
        Dependencies.Add(name);
        Thunks.Add(function);
        return Qualified(name);
    }

    // Methods of the table see the class of the constants only by its name.
    private string Qualified(string name) => isInTable ? $"{library.ClassName}.{name}" : name;

    private string Local(object what, string wanted)
    {
        if (!_locals.TryGetValue(what, out string? name))
        {
            name = Unused(wanted);
            _locals.Add(what, name);
        }
        return CSharpNames.Escape(name);
    }

    private string Unused(string wanted)
    {
        string name = wanted;
        while (library.Declares(name) || !_taken.Add(name))
        {
            name += "_";
        }
        return name;
    }
}
