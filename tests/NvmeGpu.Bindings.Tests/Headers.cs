using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>The locked headers, and the programs that read them.</summary>
internal static class Headers
{
    public static string Folder { get; } = Repository.PathOf("artifacts", "native-headers");

    public static void Require() => Requirement.That(
        Directory.Exists(Folder), "the locked headers are not there: run native-headers/restore");

    public static Task RequireGccAsync() => CCompiler.Bindings.RequireAsync();

    public static async Task RequireLibClangAsync()
    {
        ChildResult version = await CompileAsync("--version");
        Requirement.That(version.ExitCode == 0, version.All.Trim());
    }

    /// <summary>Runs the header compiler as a user does.</summary>
    public static Task<ChildResult> CompileAsync(params string[] arguments) =>
        ChildProcess.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "nvmegpu-headers.dll"), .. arguments]);

    /// <summary>Runs gcc over the locked headers and nothing else of this machine but gcc's own.</summary>
    public static Task<string> GccAsync(params string[] arguments) => CCompiler.Bindings.RunAsync(arguments);
}

/// <summary>
/// One library of ours: its folder below bindings, its umbrella header, the class of its constants.
/// </summary>
public sealed record Library(string Name, string Umbrella, params string[] Requested)
{
    public static readonly Library Liburing = new(
        "Liburing", "liburing.umbrella.h", "liburing.h", "liburing/io_uring.h", "liburing/compat.h",
        "liburing/io_uring_version.h");

    public static readonly Library NvmeIoctl =
        new("NvmeIoctl", "nvme_ioctl.umbrella.h", "linux/nvme_ioctl.h");

    public static readonly Library Cuda = new("Cuda", "cuda.umbrella.h", "cuda.h");

    public static Library Of(string name) =>
        new[] { Liburing, NvmeIoctl, Cuda }.Single(library => library.Name == name);

    public IReadOnlyList<IndexLine> ReadIndex() =>
        IndexLine.Parse(File.ReadAllLines(Repository.PathOf("bindings", Name, "index.txt")));

    public string UmbrellaPath => Repository.PathOf("native-headers", Umbrella);
}

/// <summary>A line of a library's index.</summary>
public sealed record IndexLine(
    string Name, string Kind, string File, int Start, int Length, string[] Dependencies, string Spelling)
{
    public static IReadOnlyList<IndexLine> Parse(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => !line.StartsWith('#')).Select(line => line.Split('\t')).Select(
        parts => new IndexLine(
            parts[0], parts[1], parts[2], int.Parse(parts[3]), int.Parse(parts[4]),
            parts[5].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                parts[6].Length > 0 ? parts[6] : parts[0])),
    ];
}
