using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NvmeGpu.BindingsOnDemand.Lists;

/// <summary>
/// Reads NativeMethods.txt: a name or pattern per line, <c>-</c> before what is excluded, <c>//</c> before
/// comments.
/// </summary>
internal static class ListReader
{
    public const string FileName = "NativeMethods.txt";

    public static EquatableArray<ListEntry> Read(AdditionalText file, CancellationToken cancellation)
    {
        var entries = new List<ListEntry>();
        foreach (TextLine line in file.GetText(cancellation)?.Lines ?? SourceText.From("").Lines)
        {
            string text = line.ToString();
            int comment = text.IndexOf("//", StringComparison.Ordinal);
            string said = (comment < 0 ? text : text.Substring(0, comment)).TrimEnd();
            string trimmed = said.TrimStart();
            if (trimmed.Length == 0)
            {
                continue;
            }
            int column = said.Length - trimmed.Length;
            bool isExclude = trimmed[0] == '-';
            string pattern = WithSingleBlanks(isExclude ? trimmed.Substring(1) : trimmed);
            entries.Add(new ListEntry(
                (isExclude ? "-" : "") + pattern,
                pattern,
                isExclude,
                new Place(
                    file.Path,
                    new TextSpan(line.Start + column, trimmed.Length),
                    new LinePositionSpan(
                        new LinePosition(line.LineNumber, column),
                        new LinePosition(line.LineNumber, column + trimmed.Length)))));
        }
        return entries.ToEquatableArray();
    }

    // `struct   io_uring_sqe` is `struct io_uring_sqe`.
    private static string WithSingleBlanks(string text) =>
        string.Join(" ", text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
