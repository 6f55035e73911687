using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NvmeGpu.TestKit;

namespace NvmeGpu.Generators.Benchmarks;

/// <summary>
/// What only a new process shows: the first call, whose code is still to be compiled, and a program's start.
/// </summary>
internal static class ProcessTimes
{
    private const int Launches = 7;

    public static void Print()
    {
        // In a process of its own each time; the compiler's own start is not counted.
        Print("on demand, first call of a process (JIT included)", Enumerable.Range(0, Launches).Select(_ =>
            double.Parse(Run(Environment.ProcessPath!, ["--first-call"]).Output.Split(' ')[0],
                CultureInfo.InvariantCulture)));

        using var folder = new TemporaryFolder();
        string compiler =
            Repository.PathOf("artifacts", "bin", "NvmeGpu.HeaderCompiler", "release", "nvmegpu-headers.dll");
        string[] headers = [.. Arguments(folder.FullPath)];
        Print("nvmegpu-headers, three libraries into an empty folder (process start included)",
            Enumerable.Range(0, Launches)
            .Select(_ =>
            {
                foreach (string old in Directory.GetDirectories(folder.FullPath))
                {
                    Directory.Delete(old, recursive: true);
                }
                return Run("dotnet", [compiler, .. headers]).Milliseconds;
            }));
    }

    /// <summary>
    /// Wall-clock time of the first call in this process, of that the time in the JIT, and how many methods
    /// it compiled.
    /// </summary>
    public static (double Milliseconds, double JitMilliseconds, long Methods) FirstCall()
    {
        CSharpCompilation project = ConsumerProject.Create();
        // The driver itself, the texts and the compilation's table of declarations are there already in a
        // compiler that gets as far as its generators.
        ConsumerProject.Driver(withGenerator: false).RunGenerators(project);
        project.GlobalNamespace.GetMembers("NvmeGpu");
        GeneratorDriver driver = ConsumerProject.Driver(withGenerator: true);
        (TimeSpan jit, long methods) = (JitInfo.GetCompilationTime(), JitInfo.GetCompiledMethodCount());
        var watch = Stopwatch.StartNew();
        driver.RunGenerators(project);
        watch.Stop();
        return (
            watch.Elapsed.TotalMilliseconds,
            (JitInfo.GetCompilationTime() - jit).TotalMilliseconds,
            JitInfo.GetCompiledMethodCount() - methods);
    }

    // As all.rsp, with another output.
    private static IEnumerable<string> Arguments(string output)
    {
        foreach (string library in new[] { "liburing", "nvme_ioctl", "cuda" })
        {
            if (library != "liburing")
            {
                yield return "--next";
            }
            yield return "@" + Repository.PathOf("native-headers", library + ".rsp");
            yield return "--output";
            yield return Path.Combine(output, library);
        }
    }

    private static (double Milliseconds, string Output) Run(string program, string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? (watch.Elapsed.TotalMilliseconds, output)
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static void Print(string what, IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        double median = sorted[sorted.Length / 2];
        string range =
            FormattableString.Invariant($"{sorted[0]:F1} to {sorted[^1]:F1} ms, {sorted.Length} processes");
        Console.WriteLine(FormattableString.Invariant($"{what}: median {median:F1} ms, {range}"));
    }
}
