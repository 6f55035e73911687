using System;
using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.HeaderCompiler.Options;

/// <summary>
/// Says which headers of which package a generated file is from. Headers lie in a folder named after their package, as
/// the restore step lays them out; the lock has the versions. No path of the machine gets into the text.
/// </summary>
internal static class Provenance
{
    public static IReadOnlyList<string> Of(CompilerOptions options, IReadOnlyList<string> files)
    {
        Dictionary<string, string> versions = options.LockPath is null
            ? []
            : InputFile.ReadLines(options.LockPath, "lock")
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["package", _, _, ..])
                .ToDictionary(words => words[1], words => words[2], StringComparer.Ordinal);
        IEnumerable<string> requested = options.Traverse.Count > 0
            ? options.Traverse
            : options.Files.Select(file => System.IO.Path.GetFileName(file));
        IEnumerable<string> packages = requested
            .Select(wanted => files.FirstOrDefault(file => file.EndsWith("/" + wanted, StringComparison.Ordinal)) ?? "")
            .SelectMany(file => versions.Keys.Where(package => file.Contains($"/{package}/", StringComparison.Ordinal)))
            .Distinct()
            .Select(package => $"{package} {versions[package]}");
        string from = string.Join(", ", packages);
        return
        [
            $"{string.Join(", ", requested)}{(from.Length > 0 ? $" ({from})" : "")}, {options.Target ?? "x86_64-linux-gnu"}.",
            "Made by generator/NvmeGpu.HeaderCompiler; not to be edited: build/regenerate writes it anew.",
        ];
    }
}
