using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>gcc over the locked headers and nothing else of this machine but gcc's own.</summary>
internal static class Gcc
{
    private static readonly string[] s_includeFolders =
    [
        "liburing-dev/usr/include",
        "linux-libc-dev/usr/include",
        "linux-libc-dev/usr/include/x86_64-linux-gnu",
        "libc6-dev/usr/include",
        "libc6-dev/usr/include/x86_64-linux-gnu",
    ];

    private static readonly Lazy<Task<string?>> s_ownIncludes = new(FindOwnIncludesAsync);

    private static string HeadersFolder { get; } = Repository.PathOf("artifacts", "native-headers");

    /// <summary>Skips the test where the headers, gcc or libclang are not.</summary>
    public static async Task RequireAllAsync()
    {
        Requirement.That(
            Directory.Exists(HeadersFolder), "the locked headers are not there: run native-headers/restore");
        Requirement.That(await s_ownIncludes.Value is not null, "gcc is not there: apt-get install gcc");
        ChildResult version = await HeaderCompiler.RunAsync("--version");
        Requirement.That(version.ExitCode == 0, version.All.Trim());
    }

    public static async Task<string> RunAsync(params string[] arguments)
    {
        string own = await s_ownIncludes.Value ?? throw new InvalidOperationException("ask for gcc first");
        ChildResult result = await ChildProcess.RunAsync(
            "gcc",
            [
                "-std=gnu17", "-w", "-nostdinc", "-isystem", own,
                .. s_includeFolders.SelectMany(
                    folder => new[] { "-isystem", Path.Combine(HeadersFolder, folder) }),
                .. arguments,
            ]);
        Assert.True(result.ExitCode == 0, result.All);
        return result.Output;
    }

    private static async Task<string?> FindOwnIncludesAsync()
    {
        try
        {
            ChildResult result = await ChildProcess.RunAsync("gcc", ["-print-file-name=include"]);
            return result.ExitCode == 0 ? result.Output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>The header compiler, run as a user does.</summary>
internal static class HeaderCompiler
{
    public static Task<ChildResult> RunAsync(params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "nvmegpu-headers.dll"), .. arguments]);
}
