using System.Globalization;

namespace NvmeGpu.Tool.Ingest;

/// <summary>Blocks of a namespace, as the command line has them: FIRST+COUNT.</summary>
/// <param name="First">The first block, counted from the start of the namespace.</param>
/// <param name="Count">Blocks, 1 and more.</param>
internal readonly record struct LbaRange(ulong First, ulong Count)
{
    /// <summary>Two decimal numbers and a plus sign, nothing else.</summary>
    public static bool TryParse(string text, out LbaRange range)
    {
        range = default;
        int plus = text.IndexOf('+');
        if (plus < 0
            || !TryNumber(text[..plus], out ulong first) || !TryNumber(text[(plus + 1)..], out ulong count)
            || count == 0)
        {
            return false;
        }
        range = new LbaRange(first, count);
        return true;
    }

    public override string ToString() => $"{First}+{Count}";

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
