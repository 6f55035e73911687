using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using NvmeGpu.HeaderCompiler.Emitting;

namespace NvmeGpu.HeaderCompiler.Options;

/// <summary>
/// Says which headers of which package a generated file is from. Headers lie in a folder named after their
/// package, as the restore step lays them out; the lock has the versions. No path of the machine gets into
/// the text.
/// </summary>
internal static class Provenance
{
    public static IReadOnlyList<string> Of(CompilerOptions options, IReadOnlyList<string> files)
    {
        List<string[]> locked = options.LockPath is null
            ? []
            : [.. InputFile.ReadLines(options.LockPath, "lock").Select(line => line.Split(' '))];
        IEnumerable<string> requested = options.Traverse.Count > 0
            ? options.Traverse
            : options.Files.Select(file => Path.GetFileName(file));
        IEnumerable<string> packages = requested
            .Select(wanted => files.FirstOrDefault(
            file => file.EndsWith("/" + wanted, StringComparison.Ordinal)))
            .OfType<string>()
            .Select(file => PackageOf(file, locked))
            .OfType<string>()
            .Distinct();
        string from = string.Join(", ", packages);
        return
        [
            $"{string.Join(", ", requested)}{(from.Length > 0 ? $" ({from})" : "")}, "
                + $"{options.Target ?? "x86_64-linux-gnu"}.",
            OutputFolder.Mark
                + (options.WritesHelperTypes ? ": run it again." : ": build/regenerate writes it anew."),
        ];
    }

    private static string? PackageOf(string file, List<string[]> locked)
    {
        if (locked.Find(
            words => words is ["package", _, _] && file.Contains($"/{words[1]}/", StringComparison.Ordinal))
            is not [_, string package, string version])
        {
            return null;
        }
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        bool isLocked =
            locked.Exists(words => words is ["header", _, _, _] && words[1] == package && words[3] == hash
            && file.EndsWith($"/{package}/{words[2]}", StringComparison.Ordinal));
        return isLocked ? $"{package} {version}" : $"{package}, but not the locked {version}";
    }
}
