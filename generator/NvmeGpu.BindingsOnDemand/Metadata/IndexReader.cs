using System;
using System.Collections.Generic;
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
        if (file.Text.GetText(cancellation) is not { } source)
        {
            problems.Add(new Finding(
                Rules.UnreadableBindings, null,
                $"'{file.Text.Path}' cannot be opened; restore it from the repository"));
            return;
        }
        string text = source.ToString();
        string[] columns = new string[Columns];
        IndexLine? first = null;
        int broken = 0;
        int start = 0;
        for (int number = 0; start < text.Length; number++)
        {
            int lineFeed = text.IndexOf('\n', start);
            int next = lineFeed < 0 ? text.Length : lineFeed + 1;
            int end = lineFeed < 0 ? text.Length : lineFeed;
            if (end > start && text[end - 1] == '\r')
            {
                end--;
            }
            if (end > start && text[start] != '#')
            {
                var line = new IndexLine(number, start, end - start);
                if (TrySplit(text, start, end, columns)
                    && TryParse(columns, file, entries.Count, line) is { } entry)
                {
                    entries.Add(entry);
                }
                else
                {
                    broken++;
                    first ??= line;
                }
            }
            start = next;
        }
        if (first is not null)
        {
            problems.Add(NotAnEntry(file, first, broken - 1));
        }
    }

    private static Finding NotAnEntry(BindingsFile file, IndexLine line, int more) => new(
        Rules.UnreadableBindings,
        new Place(
            file.Text.Path,
            new TextSpan(line.Start, line.Length),
            new LinePositionSpan(
                new LinePosition(line.Number, 0), new LinePosition(line.Number, line.Length))),
        $"line {line.Number + 1} of '{file.Text.Path}' is not an entry of an index (name, kind, file, start, "
            + "length, dependencies, C spelling); restore the file from the repository, or run "
            + "./build/regenerate"
            + (more == 0 ? "" : $" ({more} more lines like it)"));

    private static bool TrySplit(string text, int start, int end, string[] columns)
    {
        for (int column = 0; column < Columns; column++)
        {
            int tab = text.IndexOf('\t', start, end - start);
            if (tab < 0 != (column == Columns - 1))
            {
                return false;
            }
            int last = tab < 0 ? end : tab;
            columns[column] = last == start ? "" : text.Substring(start, last - start);
            start = last + 1;
        }
        return true;
    }

    private static IndexEntry? TryParse(string[] columns, BindingsFile index, int ordinal, IndexLine line) =>
        columns[0].Length > 0
            && TryParseKind(columns[1], out EntryKind kind)
            && columns[2].Length > 0
            && TryParseNumber(columns[3], out int start)
            && TryParseNumber(columns[4], out int length)
            && length > 0 != (kind == EntryKind.Member)
                ? new IndexEntry(
                    ordinal, columns[0], kind, index, columns[2], start, length, columns[5], columns[6], line)
                : null;

    private static bool TryParseKind(string word, out EntryKind kind)
    {
        kind = word switch
        {
            "constant" => EntryKind.Constant,
            "enum" => EntryKind.Enum,
            "function" => EntryKind.Function,
            "alias" => EntryKind.Alias,
            "inline" => EntryKind.Inline,
            "table-inline" => EntryKind.TableInline,
            "member" => EntryKind.Member,
            "opaque" => EntryKind.Opaque,
            "struct" => EntryKind.Struct,
            "union" => EntryKind.Union,
            _ => (EntryKind)(-1),
        };
        return kind >= 0;
    }

    // A position in a file: digits alone, and no more of them than an int surely has room for.
    private static bool TryParseNumber(string digits, out int number)
    {
        number = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '9')
            {
                return false;
            }
            number = unchecked((number * 10) + (digit - '0'));
        }
        return digits.Length is > 0 and < 10;
    }
}
