using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace NvmeGpu.VmLab.Guest;

/// <summary>What the host says about the guest's drives and the kernel, by key.</summary>
internal sealed class GuestSettings
{
    /// <summary>Kept for programs that a person starts in the guest's shell.</summary>
    private const string SavedPath = "/tmp/lab-settings";

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Serial numbers of the controllers that have to be there.</summary>
    public string[] Controllers =>
        Find("controllers")?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>From which seed the pattern of a drive is made.</summary>
    public ulong SeedOf(string serial) => ulong.Parse(Get($"seed.{serial}"), NumberStyles.HexNumber);

    public string Get(string key) =>
        Find(key) ?? throw new GuestFailedException($"the scenario does not set '{key}'.");

    public string? Find(string key) => _values.GetValueOrDefault(key);

    /// <summary>"key value".</summary>
    public void Add(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        _values[line[..space]] = line[(space + 1)..];
    }

    /// <summary>
    /// From the kernel's command line, where there is no host to ask: words that begin with "lab.".
    /// </summary>
    public static GuestSettings OfCommandLine()
    {
        var settings = new GuestSettings();
        foreach (string word in File.ReadAllText("/proc/cmdline").Split([' ', '\n'])
            .Where(word => word.StartsWith("lab.", StringComparison.Ordinal)))
        {
            settings.Add(word["lab.".Length..].Replace('=', ' '));
        }
        return settings;
    }

    public void Save() => File.WriteAllLines(SavedPath, _values.Select(pair => $"{pair.Key} {pair.Value}"));

    public static GuestSettings Load()
    {
        var settings = new GuestSettings();
        foreach (string line in File.Exists(SavedPath) ? File.ReadAllLines(SavedPath) : [])
        {
            settings.Add(line);
        }
        return settings;
    }
}
