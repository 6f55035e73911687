using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// C keeps tags, typedefs and everything else apart, C# has one name for one type: what cannot be written is
/// refused before anything is.
/// </summary>
internal static class NameClashes
{
    public static void ThrowIfAny(LibraryModel library, string className, string functionTable)
    {
        var types = new List<Named>();
        types.AddRange(library.Records.Select(record => new Named(
            record.Name, record.Spelling, record.Location, "--remap \"{0}=OTHER_NAME\"")));
        types.AddRange(library.Enums.Where(model => !model.IsAnonymous).Select(model => new Named(
            model.Name, model.Spelling, model.Location, "--remap \"{0}=OTHER_NAME\"")));
        types.Add(new Named(className, "the class of the constants", default, "--methodClassName"));
        if (library.Functions.Count > 0)
        {
            types.Add(new Named(functionTable, "the class of the functions", default, "--methodClassName"));
        }
        ThrowIfShared("types", types);
        ThrowIfShared("constants", ConstantsOf(library, className));
        ThrowIfShared("functions",
        [
            .. library.Functions.Select(function => new Named(
                function.Name, function.ExportedName, function.Location, "--remap {0}=OTHER_NAME")),
            .. library.Aliases.Select(alias => new Named(
                alias.Name, alias.Name, alias.Location, "--exclude {0}")),
            new Named(functionTable, "the class of the functions", default, "--methodClassName"),
        ]);
    }

    // A member may not have the name of its class.
    private static List<Named> ConstantsOf(LibraryModel library, string className) =>
    [
        .. library.Constants.Select(constant => new Named(
            constant.Name, constant.CName, constant.Location, "--remap {0}=OTHER_NAME")),
        .. library.Enums.Where(model => model.IsAnonymous).SelectMany(model => model.Members.Select(
            member => new Named(member.Name, member.Name, model.Location, "--remap {0}=OTHER_NAME"))),
        new Named(className, "the class of the constants", default, "--methodClassName"),
    ];

    private static void ThrowIfShared(string what, List<Named> names)
    {
        if (names.GroupBy(named => named.Name).FirstOrDefault(group => group.Count() > 1) is not { } clash)
        {
            return;
        }
        Named[] both = [.. clash.Take(2)];
        throw new CompilerException(
            $"{clash.Key} would be the name of two {what} in C#: {both[0]} and {both[1]}; give one of them "
                + $"another name with {string.Format(null, both[0].Advice, both[0].Spelling)}");
    }

    private sealed record Named(string Name, string Spelling, SourceLocation Location, string Advice)
    {
        public override string ToString() =>
            Location == default ? Spelling : $"{Spelling} ({Location})";
    }
}
