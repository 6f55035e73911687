using System;
using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.Tidy.Checks;

/// <summary>What is never committed: what a build makes, other people's headers, and packages.</summary>
public static class Committed
{
    /// <summary>What the GPU's kernels are made of: ours.</summary>
    private const string KernelSources = "runtime/Cuda/Kernels/";

    private static readonly string[] s_builtEnds =
    [
        ".dll", ".exe", ".pdb", ".so", ".a", ".o", ".nupkg", ".snupkg", ".deb", ".tar", ".gz", ".xz", ".zip",
        ".binlog",
        ".received.txt", ".received.cs", ".cache", ".user",
    ];

    /// <summary>Headers of our own: the umbrellas that include the others, and what tests compile.</summary>
    private static readonly string[] s_headerFolders = ["native-headers", "tests"];

    public static IEnumerable<Finding> Paths(string path)
    {
        string[] folders = path.Split('/')[..^1];
        if (folders.Any(folder => folder is "bin" or "obj" or "artifacts"))
        {
            yield return new Finding(path, 1, "below a folder of build output.");
        }
        if (s_builtEnds.Any(end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new Finding(path, 1, "made by a build or fetched; it is not committed.");
        }
        if (path.EndsWith(".h", StringComparison.Ordinal)
            && !s_headerFolders.Contains(folders.FirstOrDefault())
            && !path.StartsWith(KernelSources, StringComparison.Ordinal))
        {
            yield return new Finding(
                path, 1,
                "a C header outside of native-headers, tests and the GPU's kernels; headers are locked and "
                + "fetched.");
        }
        if (path.EndsWith(".g.cs", StringComparison.Ordinal)
            && path.Contains("/inline/", StringComparison.Ordinal))
        {
            yield return new Finding(
                path, 1, "a translation of liburing's text; it is made on each machine.");
        }
    }
}
