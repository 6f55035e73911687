using System;
using System.Buffers;
using System.Text;

namespace NvmeGpu.Tool.Text;

/// <summary>
/// One line in the format of sha256sum(1): hash, two spaces, path. In a path with a backslash, a line feed or
/// a carriage return these are escaped, and the line begins with a backslash. <c>sha256sum -c</c> reads it
/// back.
/// </summary>
internal static class ChecksumLine
{
    private static readonly SearchValues<char> s_escaped = SearchValues.Create("\\\n\r");

    public static string Of(string hash, string path)
    {
        if (path.AsSpan().IndexOfAny(s_escaped) < 0)
        {
            return $"{hash}  {path}";
        }
        var line = new StringBuilder("\\").Append(hash).Append("  ");
        foreach (char c in path)
        {
            _ = c switch
            {
                '\\' => line.Append("\\\\"),
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                _ => line.Append(c),
            };
        }
        return line.ToString();
    }
}
