using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// gcc for one target over headers of ours, and nothing else of this machine but gcc's own headers.
/// </summary>
internal sealed record CCompiler(string Program, string Target, IReadOnlyList<string> IncludeFolders)
{
    private static readonly string[] s_bindings =
    [
        "native-headers/liburing-dev/usr/include",
        "native-headers/nvidia-cuda-dev/usr/include",
        "native-headers/linux-libc-dev/usr/include",
        "native-headers/linux-libc-dev/usr/include/x86_64-linux-gnu",
        "native-headers/libc6-dev/usr/include",
        "native-headers/libc6-dev/usr/include/x86_64-linux-gnu",
    ];

    private static readonly string[] s_foreign =
    [
        "foreign-headers/zlib1g-dev/usr/include",
        "foreign-headers/libsqlite3-dev/usr/include",
        "foreign-headers/libnvme-dev/usr/include",
        "foreign-headers/linux-libc-dev/usr/include",
        "foreign-headers/linux-libc-dev/usr/include/x86_64-linux-gnu",
        "foreign-headers/libc6-dev/usr/include",
        "foreign-headers/libc6-dev/usr/include/x86_64-linux-gnu",
    ];

    // The libraries of the bindings with another target's libc; the kernel's headers are for all targets.
    private static readonly string[] s_cross =
    [
        "native-headers/liburing-dev/usr/include",
        "native-headers/nvidia-cuda-dev/usr/include",
        "foreign-headers/linux-libc-dev/usr/include",
        "foreign-headers/linux-libc-dev/usr/include/aarch64-linux-gnu",
        "foreign-headers/libc6-dev-arm64-cross/usr/aarch64-linux-gnu/include",
    ];

    public static readonly CCompiler Bindings = new("gcc", "x86_64-linux-gnu", Below(s_bindings));

    public static readonly CCompiler Foreign = new("gcc", "x86_64-linux-gnu", Below(s_foreign));

    public static readonly CCompiler Cross =
        new("aarch64-linux-gnu-gcc", "aarch64-linux-gnu", Below(s_cross));

    /// <summary>Skips the test where the headers or the compiler are not.</summary>
    public async Task RequireAsync()
    {
        Requirement.That(
            IncludeFolders.All(Directory.Exists),
            "the locked headers are not there: run native-headers/restore, once as it is and once with "
                + "--lock tests/NvmeGpu.Bindings.Tests/Foreign/foreign.lock --into foreign-headers");
        Requirement.That(
            await FindOwnIncludesAsync() is not null,
            $"{Program} is not there: apt-get install "
                + (Program == "gcc" ? "gcc" : "gcc-aarch64-linux-gnu"));
    }

    public async Task<string> RunAsync(params string[] arguments)
    {
        string own = await FindOwnIncludesAsync()
            ?? throw new InvalidOperationException($"ask for {Program} first");
        ChildResult result = await ChildProcess.RunAsync(
            Program,
            [
                "-std=gnu17", "-O0", "-w", "-nostdinc", "-isystem", own,
                .. IncludeFolders.SelectMany(folder => new[] { "-isystem", folder }),
                .. arguments,
            ]);
        Assert.True(result.ExitCode == 0, result.All);
        return result.Output;
    }

    private static string[] Below(string[] folders) =>
        [.. folders.Select(folder => Repository.PathOf("artifacts", folder))];

    private async Task<string?> FindOwnIncludesAsync()
    {
        try
        {
            ChildResult result = await ChildProcess.RunAsync(Program, ["-print-file-name=include"]);
            return result.ExitCode == 0 ? result.Output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
