using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>What every guest is made of: kernels by name, the initramfs, the drive's image.</summary>
/// <param name="Kernels">Paths by the names of packages.lock.</param>
/// <param name="Initramfs">The archive that every guest has.</param>
/// <param name="InitramfsWithTool">The one with the command nvmegpu as well, for guests that run it.</param>
/// <param name="ModulesInitramfs">One to append to it, with modules by the kernel's name.</param>
/// <param name="CReaderInitramfs">One with the program in C; empty where no scenario has it.</param>
/// <param name="DefragmenterInitramfs">One with e4defrag; empty where no scenario has it.</param>
/// <param name="Image">Of drive A.</param>
/// <param name="Guest">The guest's program.</param>
internal sealed record LabParts(
    IReadOnlyDictionary<string, string> Kernels, string Initramfs, string? InitramfsWithTool,
    IReadOnlyDictionary<string, string> ModulesInitramfs, string CReaderInitramfs,
    string DefragmenterInitramfs, string Image, string Guest)
{
    // What both programs are compiled from besides their own sources.
    private static readonly string[] s_sources =
    [
        "runtime", "bindings", "build/NvmeGpu.props",
        "build/NvmeGpu.targets", "Directory.Build.props", "Directory.Packages.props", "global.json",
    ];

    /// <summary>Fetches, publishes and writes what is not there or not up to date.</summary>
    /// <exception cref="LabException">Something cannot be had; the message says what.</exception>
    public static async Task<LabParts> PrepareAsync(
        IEnumerable<Scenario> scenarios, bool withShell, Action<string> progress)
    {
        string[] names = [.. scenarios.Select(scenario => scenario.Kernel).Distinct()];
        string[] withModules =
        [
            .. scenarios.Where(scenario => scenario.HasModules).Select(scenario => scenario.Kernel)
                .Distinct(),
        ];
        await RunAsync(
            LabPaths.In("tests", "vm-lab", "restore"),
            [
                .. names, .. withModules.Select(name => $"{name}-modules"),
                .. withShell ? (string[])["busybox"] : [],
            ],
            progress);
        string guest = await PublishAsync(
            "tests/vm-lab/NvmeGpu.VmLab.Guest", "guest", "vm-lab-guest", "the guest's program", progress);
        string? tool = scenarios.Any(scenario => scenario.HasTool)
            ? await PublishAsync("tool", "tool", "nvmegpu", "the command nvmegpu", progress)
            : null;
        string? busybox = withShell ? Path.Join(LabPaths.Artifacts, "busybox", "busybox") : null;
        return new LabParts(
            names.ToDictionary(name => name, name => Path.Join(LabPaths.Artifacts, name, "kernel")),
            VmLab.Initramfs.Write(guest, busybox),
            tool is null ? null : VmLab.Initramfs.Write(guest, busybox, tool),
            withModules.ToDictionary(name => name, VmLab.Initramfs.WriteModules),
            scenarios.Any(scenario => scenario.HasCReader)
                ? VmLab.Initramfs.WriteCReader(CReader.Prepare())
                : "",
            scenarios.Any(scenario => scenario.HasDefragmenter)
                ? VmLab.Initramfs.WriteDefragmenter()
                : "",
            DiskImage.Prepare(), guest);
    }

    private static async Task<string> PublishAsync(
        string project, string folder, string name, string whatItIs, Action<string> progress)
    {
        string output = Path.Join(LabPaths.Artifacts, folder);
        string program = Path.Join(output, "publish", name);
        string stamp = Path.Join(output, "stamp");
        DateTime newest = s_sources.Append(project).Max(source => NewestIn(LabPaths.In(source)));
        if (File.Exists(program) && File.Exists(stamp) && File.GetLastWriteTimeUtc(stamp) >= newest)
        {
            return program;
        }
        progress($"publishing {whatItIs}");
        Directory.CreateDirectory(output);
        await RunAsync(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet",
            [
                "publish", project, "-c", "Release", "-r", "linux-x64",
                "-p:PublishAot=true", "-o", Path.Join(output, "publish"),
                // Its own folders: a restore for a runtime in the shared ones would undo that of the plain
                // build.
                $"-p:ArtifactsPath={output}", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false",
                "-v", "quiet", "-clp:ErrorsOnly",
            ],
            progress);
        // As old as the newest source, so that one that was written meanwhile counts as newer.
        await File.WriteAllTextAsync(stamp, "");
        File.SetLastWriteTimeUtc(stamp, newest);
        return program;
    }

    // Folders count too: a file that was removed changes the time of its folder.
    private static DateTime NewestIn(string path) => !Directory.Exists(path)
        ? File.GetLastWriteTimeUtc(path)
        : Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories)
            .Append(path).Max(File.GetLastWriteTimeUtc);

    /// <summary>Runs a program in the checkout; its last lines are the message when it fails.</summary>
    private static async Task RunAsync(string program, string[] arguments, Action<string> progress)
    {
        const int LinesKept = 12;
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>&1", program, .. arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = LabPaths.Root,
        };
        using Process process = Process.Start(start)
            ?? throw new LabException($"{program} did not start.");
        var lines = new Queue<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("vm-lab: ", StringComparison.Ordinal))
            {
                progress(line["vm-lab: ".Length..]);
            }
            lines.Enqueue(line);
            if (lines.Count > LinesKept)
            {
                _ = lines.Dequeue();
            }
        }
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new LabException(
                $"{Path.GetFileName(program)} failed ({process.ExitCode}): "
                + $"{string.Join('\n', lines).Trim()}");
        }
    }
}
