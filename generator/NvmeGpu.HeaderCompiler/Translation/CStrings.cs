using System;
using System.Text;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>String literals as libclang spells them: in quotes, adjacent ones joined, escaped as in
/// C.</summary>
internal static class CStrings
{
    /// <returns>Null for anything but a literal of ASCII characters.</returns>
    public static string? Decode(string spelling)
    {
        if (spelling.Length < 2 || spelling[0] != '"' || spelling[^1] != '"')
        {
            return null;
        }
        var text = new StringBuilder();
        for (int i = 1; i < spelling.Length - 1;)
        {
            char c = spelling[i++];
            int value = c != '\\' ? c : DecodeEscape(spelling, ref i);
            if (value is < 0 or > 127)
            {
                return null;
            }
            text.Append((char)value);
        }
        return text.ToString();
    }

    private static int DecodeEscape(string spelling, ref int i)
    {
        char c = spelling[i++];
        if (c is >= '0' and <= '7')
        {
            int value = c - '0';
            for (int digits = 1; digits < 3 && spelling[i] is >= '0' and <= '7'; digits++)
            {
                value = (value * 8) + (spelling[i++] - '0');
            }
            return value;
        }
        if (c == 'x')
        {
            int start = i;
            while (char.IsAsciiHexDigit(spelling[i]))
            {
                i++;
            }
            return i - start is 1 or 2 ? Convert.ToInt32(spelling[start..i], 16) : -1;
        }
        return c switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            'e' => 27,
            '\\' or '"' or '\'' or '?' => c,
            _ => -1,
        };
    }
}
