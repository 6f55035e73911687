using System.Collections.Generic;

namespace NvmeGpu.BindingsOnDemand.Metadata;

/// <summary>What a line of an index stands for.</summary>
internal enum EntryKind
{
    Constant,
    Enum,
    Function,
    Alias,
    Inline,
    Member,
    Opaque,
    Struct,
    Union,
}

/// <summary>One declaration of the bindings, and where its text is.</summary>
/// <param name="Ordinal">Its place among all entries.</param>
/// <param name="Folder">The folder of the index, and of the file.</param>
/// <param name="Start">In characters, as is <paramref name="Length"/>; both are 0 for an enumerator.</param>
/// <param name="Spelling">The C spelling where it differs from the name, else empty; for an alias, its
/// target.</param>
/// <param name="Place">The line of the index.</param>
internal sealed record IndexEntry(
    int Ordinal,
    string Name,
    EntryKind Kind,
    string Library,
    string Folder,
    string File,
    int Start,
    int Length,
    IReadOnlyList<string> Dependencies,
    string Spelling,
    Place Place)
{
    public bool IsType => Kind is EntryKind.Enum or EntryKind.Opaque or EntryKind.Struct or EntryKind.Union;

    /// <summary>The class that has it as a member; null for types and for members of enums.</summary>
    public string? Container => Kind switch
    {
        EntryKind.Constant or EntryKind.Inline => Library,
        EntryKind.Function or EntryKind.Alias => Library + "Functions",
        _ => null,
    };
}
