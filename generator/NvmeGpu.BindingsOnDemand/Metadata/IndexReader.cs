using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Microsoft.CodeAnalysis.Text;

namespace NvmeGpu.BindingsOnDemand.Metadata;

/// <summary>
/// Reads index.txt, which the header compiler writes beside the bindings: name, kind, file, start, length,
/// dependencies, C spelling, with tabs between them.
/// </summary>
internal static class IndexReader
{
    public const string FileName = "index.txt";

    private const int Columns = 7;

    /// <summary>
    /// Adds the file's entries; a line that is not understood is reported, and the others are still read.
    /// </summary>
    public static void Read(
        BindingsFile file, List<IndexEntry> entries, List<Finding> problems, CancellationToken cancellation)
    {
        SourceText? text = file.Text.GetText(cancellation);
        if (text is null)
        {
            problems.Add(new Finding(
                Rules.UnreadableBindings, null, $"'{file.Text.Path}' cannot be opened; restore it from the repository"));
            return;
        }
        Finding? first = null;
        int broken = 0;
        foreach (TextLine line in text.Lines)
        {
            string said = line.ToString();
            if (said.Length == 0 || said[0] == '#')
            {
                continue;
            }
            var place = new Place(
                file.Text.Path,
                line.Span,
                new LinePositionSpan(
                    new LinePosition(line.LineNumber, 0), new LinePosition(line.LineNumber, said.Length)));
            if (TryParse(said, file, entries.Count, place) is { } entry)
            {
                entries.Add(entry);
                continue;
            }
            broken++;
            first ??= new Finding(
                Rules.UnreadableBindings,
                place,
                $"line {line.LineNumber + 1} of '{file.Text.Path}' is not an entry of an index (name, kind, file, start, "
                    + "length, dependencies, C spelling); restore the file from the repository, or run ./build/regenerate");
        }
        if (first is not null)
        {
            problems.Add(broken == 1 ? first : first with
            {
                Arguments = EquatableArray.ToEquatableArray([first.Arguments[0] + $" ({broken - 1} more lines like it)"]),
            });
        }
    }

    private static IndexEntry? TryParse(string line, BindingsFile file, int ordinal, Place place)
    {
        string[] columns = line.Split('\t');
        return columns.Length == Columns
            && columns[0].Length > 0
            && TryParseKind(columns[1]) is { } kind
            && columns[2].Length > 0
            && TryParseNumber(columns[3]) is { } start
            && TryParseNumber(columns[4]) is { } length
            && length > 0 != (kind == EntryKind.Member)
                ? new IndexEntry(
                    ordinal,
                    columns[0],
                    kind,
                    file.Library,
                    file.Folder,
                    columns[2],
                    start,
                    length,
                    columns[5].Length == 0 ? [] : columns[5].Split([' '], StringSplitOptions.RemoveEmptyEntries),
                    columns[6],
                    place)
                : null;
    }

    private static EntryKind? TryParseKind(string kind) => kind switch
    {
        "constant" => EntryKind.Constant,
        "enum" => EntryKind.Enum,
        "function" => EntryKind.Function,
        "alias" => EntryKind.Alias,
        "inline" => EntryKind.Inline,
        "member" => EntryKind.Member,
        "opaque" => EntryKind.Opaque,
        "struct" => EntryKind.Struct,
        "union" => EntryKind.Union,
        _ => null,
    };

    private static int? TryParseNumber(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
