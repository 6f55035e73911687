using System.Globalization;
using System.Text;

namespace NvmeGpu.Tool.Text;

/// <summary>
/// Text that is safe to show: names of files and messages may come from anybody, and must not be able to move
/// a terminal's cursor, set its title or reverse its writing.
/// </summary>
internal static class Printable
{
    /// <summary>The text with every control and direction character as an escape; line ends too.</summary>
    public static string Of(string text) => Escape(text, keepsLines: false);

    /// <summary>The same, with its line ends.</summary>
    public static string Lines(string text) => Escape(text, keepsLines: true);

    private static string Escape(string text, bool keepsLines)
    {
        StringBuilder? escaped = null;
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsSurrogatePair(text, i);
            bool isSafe = isPair || (keepsLines && text[i] == '\n') || IsSafe(text[i]);
            if (!isSafe)
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
                escaped.Append(text[i] switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    < (char)0x100 => $"\\x{(int)text[i]:x2}",
                    _ => $"\\u{(int)text[i]:x4}",
                });
                continue;
            }
            int length = isPair ? 2 : 1;
            escaped?.Append(text, i, length);
            i += length - 1;
        }
        return escaped?.ToString() ?? text;
    }

    private static bool IsSafe(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
