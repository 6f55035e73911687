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

    /// <summary>
    /// Adds the file's entries; none if it cannot be opened, which the compiler says by itself.
    /// </summary>
    public static void Read(AdditionalText file, List<ListEntry> entries, CancellationToken cancellation)
    {
        if (file.GetText(cancellation) is not { } source)
        {
            return;
        }
        foreach (TextLine line in source.Lines)
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
    }

    // `struct   io_uring_sqe` is `struct io_uring_sqe`.
    private static string WithSingleBlanks(string text) =>
        string.Join(" ", text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
