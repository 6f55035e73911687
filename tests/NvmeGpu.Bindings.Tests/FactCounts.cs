using System.Collections.Generic;
using System.IO;
using System.Linq;
using NvmeGpu.TestKit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// How much of a library was compared with the C compiler, kept as <c>artifacts/facts/LIBRARY.txt</c>: one
/// <c>key=value</c> per line, from which the table in CONTRIBUTING is made.
/// </summary>
internal static class FactCounts
{
    public static void Keep(string library, params IEnumerable<(string Key, int Count)> counts)
    {
        string folder = Repository.PathOf("artifacts", "facts");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, library + ".txt");
        // Several tests count parts of one library.
        var all = new SortedDictionary<string, string>(System.StringComparer.Ordinal);
        lock (typeof(FactCounts))
        {
            foreach (string[] parts in File.Exists(path)
                ? File.ReadAllLines(path).Select(line => line.Split('='))
                : [])
            {
                all[parts[0]] = parts[1];
            }
            foreach ((string key, int count) in counts)
            {
                all[key] = $"{count}";
            }
            File.WriteAllLines(path, all.Select(pair => $"{pair.Key}={pair.Value}"));
        }
    }

    /// <summary>The counts that facts by themselves give.</summary>
    public static IEnumerable<(string Key, int Count)> Of(IReadOnlyList<(string Key, string Value)> facts) =>
        new[] { ("sizeof", "records"), ("offsetof", "fields"), ("flexible", "flexible"), ("bits", "bitfields") }
            .Select(kind => (kind.Item2, facts.Count(fact => fact.Key.StartsWith(
                kind.Item1 + " ", System.StringComparison.Ordinal))));
}
