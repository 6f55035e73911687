using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>
/// The comments above declarations, from the headers' text: libclang does not find those of a declaration
/// that begins with a macro.
/// </summary>
internal sealed class CComments
{
    private readonly Dictionary<string, string[]> _files = new(StringComparer.Ordinal);

    /// <summary>The comment that ends on the line above, without what makes it a comment; or no
    /// lines.</summary>
    public IReadOnlyList<string> Above(SourceLocation declaration)
    {
        if (!_files.TryGetValue(declaration.File, out string[]? lines))
        {
            lines = File.Exists(declaration.File) ? File.ReadAllLines(declaration.File) : [];
            _files.Add(declaration.File, lines);
        }
        int end = (int)declaration.Line - 1;
        if (end < 1 || end > lines.Length
            || !lines[end - 1].TrimEnd().EndsWith("*/", StringComparison.Ordinal))
        {
            return [];
        }
        int start = end - 1;
        while (start >= 0 && !lines[start].Contains("/*", StringComparison.Ordinal))
        {
            start--;
        }
        // A comment behind code is the code's.
        return start < 0 || !lines[start].TrimStart().StartsWith("/*", StringComparison.Ordinal)
            ? [] : Trimmed(lines[start..end].Select(Text));
    }

    private static List<string> Trimmed(IEnumerable<string> lines)
    {
        List<string> text = [.. lines.SkipWhile(line => line.Length == 0)];
        while (text.Count > 0 && text[^1].Length == 0)
        {
            text.RemoveAt(text.Count - 1);
        }
        return text;
    }

    private static string Text(string line)
    {
        string text = line.Trim();
        if (text.EndsWith("*/", StringComparison.Ordinal))
        {
            text = text[..^2];
        }
        return text.TrimStart('/', '*').Trim();
    }
}
