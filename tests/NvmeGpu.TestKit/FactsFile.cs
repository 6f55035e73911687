using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace NvmeGpu.TestKit;

/// <summary>
/// What tests counted about a library, as key=value lines in artifacts/facts/NAME.txt: build/facts-table
/// makes the table in CONTRIBUTING of them.
/// </summary>
public static class FactsFile
{
    private static readonly object s_lock = new();

    /// <summary>Adds to the counts that other tests of the same process, or an earlier run, have
    /// left.</summary>
    public static void Keep(string name, params IEnumerable<(string Key, long Count)> counts)
    {
        lock (s_lock)
        {
            string path = Repository.PathOf("artifacts", "facts", $"{name}.txt");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (File.Exists(path))
            {
                foreach (string[] parts in File.ReadLines(path).Select(line => line.Split('=')))
                {
                    all[parts[0]] = parts[1];
                }
            }
            foreach ((string key, long count) in counts)
            {
                all[key] = $"{count}";
            }
            File.WriteAllLines(path, all.Select(fact => $"{fact.Key}={fact.Value}"));
        }
    }
}
