using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NvmeGpu.TestKit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// artifacts/facts/inline-NAME.txt: what a run counted, as key=value lines, for the table in CONTRIBUTING.
/// </summary>
internal static class FactsFile
{
    private static readonly object s_lock = new();

    public static void Write(HeaderUnderTest header, params (string Key, long Value)[] facts)
    {
        lock (s_lock)
        {
            string path = Repository.PathOf("artifacts", "facts", $"inline-{header.Name}.txt");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            SortedDictionary<string, string> all = new(StringComparer.Ordinal);
            if (File.Exists(path))
            {
                foreach (string[] parts in File.ReadLines(path).Select(line => line.Split('=')))
                {
                    all[parts[0]] = parts[1];
                }
            }
            foreach ((string key, long value) in facts)
            {
                all[key] = $"{value}";
            }
            File.WriteAllLines(path, all.Select(fact => $"{fact.Key}={fact.Value}"));
        }
    }
}
