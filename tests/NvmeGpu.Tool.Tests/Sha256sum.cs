using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>The judge: sha256sum(1) of coreutils.</summary>
internal static class Sha256sum
{
    public static async Task<string[]> LinesAsync(params IEnumerable<string> paths)
    {
        ChildResult result = await ChildProcess.RunAsync(
            "bash", ["-c", "xargs -0 sha256sum"], input: string.Concat(paths.Select(p => p + "\0")));
        Assert.Equal(0, result.ExitCode);
        return Lines(result.Output);
    }

    public static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Writes a file whose bytes differ everywhere, with that many bytes.</summary>
    public static string Write(string path, long lengthBytes, int seed = 1)
    {
        using FileStream file = File.Create(path);
        byte[] chunk = new byte[1 << 20];
        var random = new Random(seed);
        for (long written = 0; written < lengthBytes; written += chunk.Length)
        {
            random.NextBytes(chunk);
            file.Write(chunk, 0, (int)Math.Min(chunk.Length, lengthBytes - written));
        }
        return path;
    }
}
