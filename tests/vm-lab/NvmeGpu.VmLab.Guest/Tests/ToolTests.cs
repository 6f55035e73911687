using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>The command nvmegpu as its users have it: a program, its output and its exit code.</summary>
internal static class ToolTests
{
    private const string Tool = "/nvmegpu";

    private const string Commands = nameof(NativeReadPath.GpuDirectNvmePassthrough);

    private const string Files = nameof(NativeReadPath.PeerDirectFileRead);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// By the drive's block device both. By its character device only commands, because there is no file that
    /// the other path could read.
    /// </summary>
    public static void The_command_probe_says_that_both_peer_paths_are_proven(GuestContext context)
    {
        (string block, string character) = (context.Data.BlockPath, context.Data.CharPath);
        Check.Equal((true, ""), Verdict(block, Commands), $"{Commands} by {block}");
        Check.Equal((true, ""), Verdict(block, Files), $"{Files} by {block}");
        Check.Equal((true, ""), Verdict(character, Commands), $"{Commands} by {character}");
        (bool isProven, string reason) = Verdict(character, Files);
        Check.That(
            !isProven && reason.Contains("there is no file to read", StringComparison.Ordinal),
            $"{Files} by {character}: {reason}");

        (int exitCode, string output, _) = Run("probe", block);
        Check.Equal(0, exitCode, "the exit code");
        foreach (string name in (string[])[Commands, Files])
        {
            Check.That(
                output.Split('\n').Any(line => line.Contains(name, StringComparison.Ordinal)
                    && line.Contains("proven", StringComparison.Ordinal)),
                $"no line has {name} and proven: {output}");
        }
    }

    public static void The_command_ingest_prints_the_hash_of_a_range_of_blocks(GuestContext context)
    {
        string path = context.Data.CharPath;
        int block = context.Data.BlockBytes;
        long all = context.Data.LengthBytes / block;
        foreach ((long first, long count) in (ReadOnlySpan<(long, long)>)
            [(0, 1), (5, 20_001), (0, all), (all - 3, 3)])
        {
            (int exitCode, string output, string errors) = Run(
                "ingest", path, "--lba-range", $"{first}+{count}", "--hash", "sha256", "--quiet");
            Check.Equal((0, ""), (exitCode, errors), $"exit code and standard error for {first}+{count}");
            byte[] expected = new byte[count * block];
            DiskPattern.Fill(expected, first * block, context.Seed);
            Check.Equal(
                $"{Convert.ToHexStringLower(SHA256.HashData(expected))}  {path}[{first}+{count}]\n", output,
                $"what it prints for {first}+{count}");
        }
    }

    public static void The_command_ingest_refuses_a_range_past_the_end(GuestContext context)
    {
        string path = context.Data.CharPath;
        long all = context.Data.LengthBytes / context.Data.BlockBytes;
        (int exitCode, string output, string errors) = Run(
            "ingest", path, "--lba-range", $"{all - 1}+2", "--hash", "sha256", "--quiet");
        Check.Equal((1, ""), (exitCode, output), "exit code and standard output");
        Check.That(
            errors.StartsWith($"nvmegpu: {path}", StringComparison.Ordinal)
                && errors.Contains($"{all}", StringComparison.Ordinal), $"it says: {errors}");
    }

    /// <summary>A file of drive F, which lies behind the same switch as the controller with memory.</summary>
    public static void The_command_ingest_reads_a_file_by_each_path_and_says_which(GuestContext context)
    {
        MountedDrive drive = MountedDrive.Mount(context, "F", "ext4");
        const int LengthBytes = (1 << 20) - 24;
        drive.CreatePattern("hashed", LengthBytes).Dispose();
        byte[] expected = new byte[LengthBytes];
        DiskPattern.Fill(expected, 0, context.Settings.SeedOf("F"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(expected));
        foreach ((string path, string name, string memory) in (ReadOnlySpan<(string, string, string)>)
        [
            ("registered", nameof(NativeReadPath.RegisteredMappedRead), "HostMapped"),
            ("auto", Files, "P2PdmaPages"),
            ("peer-file", Files, "P2PdmaPages"),
            ("gpudirect", Commands, "P2PdmaPages"),
        ])
        {
            (int exitCode, string output, string errors) =
                Run("ingest", $"{drive.Folder}/hashed", "--path", path, "--slot-size", "64K");
            Check.Equal((0, ""), (exitCode, errors), $"exit code and standard error of --path {path}");
            foreach (string words in (string[])[$"{hash}  {drive.Folder}/hashed", name, memory])
            {
                Check.That(
                    output.Contains(words, StringComparison.Ordinal),
                    $"--path {path} has no {words}: {output}");
            }
        }
    }

    /// <summary>Whether a path is proven and available; if not, why not.</summary>
    private static (bool IsProven, string Reason) Verdict(string target, string name)
    {
        (int exitCode, string output, string errors) = Run("probe", "--json", target);
        Check.Equal((0, ""), (exitCode, errors), $"exit code and standard error for {target}");
        using JsonDocument report = JsonDocument.Parse(output);
        JsonElement path = report.RootElement.GetProperty("paths").EnumerateArray()
            .Single(one => one.GetProperty("path").GetString() == name);
        bool isProven =
            path.GetProperty("isProven").GetBoolean() && path.GetProperty("isAvailable").GetBoolean();
        return (isProven, isProven ? "" : path.GetProperty("reason").GetString() ?? "");
    }

    private static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Tool, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new GuestFailedException($"{Tool} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Check.That(process.WaitForExit(s_patience), $"{Tool} does not end.");
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
