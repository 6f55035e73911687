using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;

namespace NvmeGpu.VmLab;

/// <summary>A range of bus addresses that an emulated drive mapped for a transfer.</summary>
internal readonly partial record struct DmaRange(ulong Address, ulong LengthBytes)
{
    /// <summary>Whether all of it lies between two addresses, both inclusive.</summary>
    public bool IsWithin(ulong first, ulong last) =>
        Address >= first && LengthBytes > 0 && Address <= last && LengthBytes - 1 <= last - Address;

    /// <summary>Those in a part of QEMU's trace.</summary>
    public static IReadOnlyList<DmaRange> Read(string path, long startBytes, long endBytes)
    {
        var ranges = new List<DmaRange>();
        if (endBytes > startBytes)
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[endBytes - startBytes];
            file.Position = startBytes;
            file.ReadExactly(bytes);
            foreach (string line in Encoding.ASCII.GetString(bytes).Split('\n'))
            {
                if (Parse(line) is { } range)
                {
                    ranges.Add(range);
                }
            }
        }
        return ranges;
    }

    /// <summary>
    /// "pci_nvme_map_addr addr 0xfe400000 len 4096", with or without what stands before it.
    /// </summary>
    public static DmaRange? Parse(string line) => Event().Match(line) is { Success: true } match
        ? new DmaRange(
            ulong.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
        : null;

    [GeneratedRegex(QemuCommand.MapEvent + " addr 0x([0-9a-f]+) len ([0-9]+)")]
    private static partial Regex Event();
}
