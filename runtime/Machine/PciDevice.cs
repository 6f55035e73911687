#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;

namespace NvmeGpu;

/// <summary>One PCI function, as /sys/bus/pci/devices shows it.</summary>
/// <param name="Address">For example 0000:01:00.0.</param>
/// <param name="Vendor">For example 0x10de, NVIDIA.</param>
/// <param name="Class">24 bits: base class, subclass, programming interface.</param>
sealed partial record PciDevice(string Address, uint Vendor, uint Class)
{
    public const uint Nvidia = 0x10de;

    private const string Folder = "/sys/bus/pci/devices";

    /// <summary>A display controller (base class 03): a GPU.</summary>
    public bool IsGpu => Class >> 16 == 0x03;

    /// <summary>A GPU of NVIDIA's.</summary>
    public bool IsNvidiaGpu => IsGpu && Vendor == Nvidia;

    /// <summary>Class 01, subclass 08: an NVMe controller.</summary>
    public bool IsNvme => Class >> 8 == 0x0108;

    /// <summary>
    /// All functions whose vendor and class can be read; null with a reason when there is no list.
    /// </summary>
    public static IReadOnlyList<PciDevice>? All(ProbeEnvironment environment, out string reason)
    {
        IReadOnlyList<string>? names = environment.List(Folder, out reason, out _);
        if (names is null)
        {
            return null;
        }
        var devices = new List<PciDevice>();
        foreach (string name in names)
        {
            if (IsAddress(name)
                && ReadHex(environment, $"{Folder}/{name}/vendor") is { } vendor
                && ReadHex(environment, $"{Folder}/{name}/class") is { } code
                && vendor <= 0xffff && code <= 0xffffff)
            {
                devices.Add(new PciDevice(name, (uint)vendor, (uint)code));
            }
        }
        return devices;
    }

    /// <summary>
    /// Length in bytes of a BAR: the file <c>resource</c> has a line "first last flags" for each.
    /// </summary>
    public long? BarBytes(ProbeEnvironment environment, int index)
    {
        string[] lines = (environment.ReadText($"{Folder}/{Address}/resource").Text ?? "").Split('\n');
        string[] words = index < lines.Length
            ? lines[index].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : [];
        if (words.Length != 3 || ParseHex(words[0]) is not { } first || ParseHex(words[1]) is not { } last)
        {
            return null;
        }
        ulong lengthBytes = last - first + 1;
        bool isUnused = first == 0 && last == 0;
        return isUnused ? 0 : last > first && lengthBytes <= long.MaxValue ? (long)lengthBytes : null;
    }

    /// <summary>
    /// Bytes that its driver has published to other devices; null when there is no such file.
    /// </summary>
    public long? PublishedBytes(ProbeEnvironment environment) =>
        environment.ReadNumber($"{Folder}/{Address}/p2pmem/size");

    /// <summary>Domain:bus:device.function, as /sys writes it.</summary>
    public static bool IsAddress(string name)
    {
        string[] parts = name.Split(':', '.');
        return parts.Length == 4 && name.IndexOf('.') == name.Length - 2 && parts[0].Length is >= 4 and <= 8
            && parts[1].Length == 2 && parts[2].Length == 2 && parts[3].Length == 1
            && Array.TrueForAll(parts, part => ParseHex("0x" + part) is not null);
    }

    private static ulong? ReadHex(ProbeEnvironment environment, string path) =>
        ParseHex(environment.ReadText(path).Trimmed);

    private static ulong? ParseHex(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, null, out ulong value)
            ? value
            : null;
}
