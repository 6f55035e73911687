using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.HeaderCompiler.Tests;

/// <summary>
/// Runs the header compiler as a user does, on headers that a test wrote into a folder of its own.
/// </summary>
internal sealed class Compiler : IDisposable
{
    private static readonly Task<ChildResult> s_version = RunAsync(["--version"]);

    private readonly TemporaryFolder _folder = new();

    public string OutputFolder => _folder.PathOf("out");

    public string PathOf(string name) => _folder.PathOf(name);

    public static async Task RequireLibClangAsync()
    {
        ChildResult version = await s_version;
        Requirement.That(version.ExitCode == 0, version.All.Trim());
    }

    public string Write(string name, string text)
    {
        string path = _folder.PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Compiles one header to the output folder.</summary>
    public Task<ChildResult> CompileAsync(string header, params string[] more)
    {
        Write("test.h", header);
        return RunAsync(
            ["--file", PathOf("test.h"), "--methodClassName", "Test", "--output", OutputFolder, .. more]);
    }

    public static Task<ChildResult> RunAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null) => ChildProcess.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "nvmegpu-headers.dll"), .. arguments],
            workingDirectory,
            environment);

    /// <summary>What a header compiles to: the files one after the other, then what was printed.</summary>
    public static async Task<string> SnapshotAsync(
        string header, string? overlay = null, params string[] more)
    {
        await RequireLibClangAsync();
        using var compiler = new Compiler();
        string[] options = overlay is null
            ? more : [.. more, "--overlay", compiler.Write("test.overlay", overlay)];
        ChildResult result = await compiler.CompileAsync(header, options);
        Assert.True(result.ExitCode == 0, result.All);

        var text = new StringBuilder();
        foreach (string file in compiler.OutputFiles().Where(
            file => !file.StartsWith("Access", StringComparison.Ordinal)))
        {
            text.Append($"==== {file}\n");
            // The first lines are the same everywhere and have their own test.
            IEnumerable<string> lines =
                (await File.ReadAllLinesAsync(Path.Combine(compiler.OutputFolder, file)))
                .SkipWhile(line => line.StartsWith('#') || line.StartsWith("//", StringComparison.Ordinal));
            text.AppendJoin('\n', lines).Append("\n\n");
        }
        text.Append("==== printed\n").Append(compiler.WithoutPaths(result.Output));
        return text.ToString();
    }

    public string[] OutputFiles() => Directory.Exists(OutputFolder)
        ? [.. Directory.EnumerateFiles(OutputFolder).Select(file => Path.GetFileName(file)).Order(
        StringComparer.Ordinal)]
        : [];

    /// <summary>A file of the output folder.</summary>
    public string Read(string name) => File.ReadAllText(Path.Combine(OutputFolder, name));

    public string WithoutPaths(string text) =>
        text.Replace(_folder.FullPath + "/", "", StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
