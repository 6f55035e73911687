using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>Runs the built tool. Whatever it does, it never shows a stack trace.</summary>
internal static class ToolProcess
{
    private static readonly Lazy<string?> s_refusal = new(FindRefusal);

    /// <summary>The tool of this build's configuration.</summary>
    public static string Program { get; } = Repository.PathOf(
        "artifacts", "bin", "NvmeGpu.Tool",
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "nvmegpu.dll");

    /// <summary>The runtime that runs this test.</summary>
    public static string Dotnet { get; } =
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Skips the test where the kernel forbids io_uring.</summary>
    public static void RequireRing() => Requirement.That(s_refusal.Value is null, s_refusal.Value ?? "");

    public static Task<ChildResult> RunAsync(params string[] arguments) => RunWithInputAsync(null, arguments);

    public static async Task<ChildResult> RunWithInputAsync(string? input, params string[] arguments) =>
        NoTrace(await ChildProcess.RunAsync(
            Dotnet, [Program, .. arguments], input: input, timeoutSeconds: 120));

    /// <summary>Runs a script in which <c>nvmegpu</c> is the tool and $1, $2 ... are the arguments.</summary>
    public static async Task<ChildResult> RunShellAsync(string script, params string[] arguments) =>
        NoTrace(await ChildProcess.RunAsync(
            "bash", ["-c", "nvmegpu() { \"$DOTNET\" \"$NVMEGPU\" \"$@\"; }\n" + script, "bash", .. arguments],
            environment: new Dictionary<string, string?> { ["DOTNET"] = Dotnet, ["NVMEGPU"] = Program },
            timeoutSeconds: 120));

    /// <summary>Starts the tool with its output redirected; for signals.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Dotnet, [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;

    public static ChildResult NoTrace(ChildResult result)
    {
        Assert.DoesNotContain("   at ", result.All);
        Assert.DoesNotContain("Unhandled exception", result.All);
        Assert.DoesNotContain("unexpected", result.Error);
        return result;
    }

    private static string? FindRefusal()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("empty"), "");
        ChildResult result = ChildProcess.RunAsync(Dotnet, [Program, "ingest", folder.PathOf("empty")])
            .GetAwaiter().GetResult();
        return result.ExitCode == 3 ? result.Error.Trim() : null;
    }
}
