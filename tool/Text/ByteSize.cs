using System;
using System.Globalization;

namespace NvmeGpu.Tool.Text;

/// <summary>
/// Numbers of bytes as people write them: 65536, 64K, 64KiB, 1M, 1T; 64kB and 64KB are 64,000.
/// </summary>
internal static class ByteSize
{
    private const string Units = "KMGTP";

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }
        if (!long.TryParse(
            text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || !TryParseUnit(text.AsSpan(digits), out long unit) || number > long.MaxValue / unit)
        {
            return false;
        }
        bytes = number * unit;
        return true;
    }

    /// <summary>Exact, in the largest unit of 1024 that divides it: 1 MiB, 12 KiB, 4097 B.</summary>
    public static string Exact(long bytes)
    {
        int unit = 0;
        while (unit < Units.Length && bytes != 0 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            unit++;
        }
        return unit == 0 ? $"{bytes} B" : $"{bytes} {Units[unit - 1]}iB";
    }

    private static bool TryParseUnit(ReadOnlySpan<char> text, out long unit)
    {
        unit = 1;
        if (text.IsEmpty || text is "B")
        {
            return true;
        }
        int power = Units.IndexOf(char.ToUpperInvariant(text[0]), StringComparison.Ordinal) + 1;
        if (power == 0)
        {
            return false;
        }
        long step = text[1..] switch
        {
            "" or "iB" => 1024,
            "B" => 1000,
            _ => 0,
        };
        for (int i = 0; i < power; i++)
        {
            unit *= step;
        }
        return step != 0;
    }
}
