using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis.Text;

namespace NvmeGpu.BindingsOnDemand.Metadata;

/// <summary>What a line of an index stands for.</summary>
internal enum EntryKind
{
    Constant,
    Enum,
    Function,
    Alias,
    Inline,
    TableInline,
    Member,
    Opaque,
    Struct,
    Union,
}

/// <summary>The line of an index, and its first character.</summary>
internal sealed record IndexLine(int Number, int Start, int Length);

/// <summary>One declaration of the bindings, and where its text is. It equals itself only.</summary>
/// <param name="ordinal">Its place among all entries.</param>
/// <param name="index">The index, whose folder is that of <paramref name="file"/>.</param>
/// <param name="start">In characters, as is <paramref name="length"/>; both are 0 for an enumerator.</param>
/// <param name="dependencies">Names with a blank between them.</param>
/// <param name="spelling">The C spelling where it differs from the name, else empty; for an alias, its
/// target.</param>
internal sealed class IndexEntry(
    int ordinal,
    string name,
    EntryKind kind,
    BindingsFile index,
    string file,
    int start,
    int length,
    string dependencies,
    string spelling,
    IndexLine line)
{
    public int Ordinal => ordinal;

    public string Name => name;

    public EntryKind Kind => kind;

    public string Library => index.Library;

    public string Folder => index.Folder;

    public string File => file;

    public int Start => start;

    public int Length => length;

    public string Spelling => spelling;

    /// <summary>Split when they are asked for: a list names few of the entries.</summary>
    public IReadOnlyList<string> Dependencies =>
        dependencies.Length == 0 ? [] : dependencies.Split([' '], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The line of the index.</summary>
    public Place Place => new(
        index.Text.Path,
        new TextSpan(line.Start, line.Length),
        new LinePositionSpan(new LinePosition(line.Number, 0), new LinePosition(line.Number, line.Length)));

    public bool IsType => kind is EntryKind.Enum or EntryKind.Opaque or EntryKind.Struct or EntryKind.Union;

    /// <summary>The class that has it as a member; null for types and for members of enums.</summary>
    public string? Container => kind switch
    {
        EntryKind.Constant or EntryKind.Inline => Library,
        EntryKind.Function or EntryKind.Alias or EntryKind.TableInline => Library + "Functions",
        _ => null,
    };
}
