using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;

namespace NvmeGpu.Analyzers.Benchmarks;

/// <summary>
/// One run of the SDK's compiler as a build has it, in the compiler's server, and on one thread, so that its
/// report adds up to time that passed.
/// </summary>
/// <param name="Wall">The whole compilation.</param>
/// <param name="Analyzers">"Total analyzer execution time" of /reportanalyzer; 0 without analyzers.</param>
/// <param name="Rules">The same per rule, largest first, as the compiler prints it.</param>
internal sealed partial record CompilerRun(TimeSpan Wall, TimeSpan Analyzers, IReadOnlyList<string> Rules)
{
    private static readonly string s_compiler = Metadata("Compiler");
    private static readonly string s_bin = Metadata("BinFolder");

    /// <param name="sources">Files to compile.</param>
    /// <param name="folder">Where they are, and where the compiler's output goes.</param>
    /// <exception cref="InvalidOperationException">The sources do not compile, or a rule spoke.</exception>
    public static CompilerRun Of(IEnumerable<string> sources, string folder, bool withAnalyzers)
    {
        string response = Path.Combine(folder, "all.rsp");
        List<string> arguments =
        [
            "/nostdlib+", "/target:library", "/unsafe+", "/langversion:14.0", "/parallel-", "/nologo",
            "/optimize+", "/nowarn:CS1701,CS1702", $"/out:\"{Path.Combine(folder, "out.dll")}\"",
            .. Directory.GetFiles(FrameworkFolder(), "*.dll").Select(path => $"/r:\"{path}\""),
            $"/r:\"{Path.Combine(s_bin, "NvmeGpu", "release", "NvmeGpu.dll")}\"",
            $"/r:\"{Path.Combine(s_bin, "NvmeGpu.Bindings", "release", "NvmeGpu.Bindings.dll")}\"",
            .. sources.Select(path => $"\"{path}\""),
        ];
        if (withAnalyzers)
        {
            arguments.Add(
                $"/a:\"{Path.Combine(s_bin, "NvmeGpu.Analyzers", "release", "NvmeGpu.Analyzers.dll")}\"");
            arguments.Add("/reportanalyzer");
        }
        File.WriteAllLines(response, arguments);

        var start = new ProcessStartInfo("dotnet",
            ["exec", s_compiler, "/noconfig", "/shared:nvmegpu-bench", "/keepalive:60", "@" + response])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        TimeSpan wall = Stopwatch.GetElapsedTime(began);
        if (process.ExitCode != 0 || Spoken().IsMatch(output))
        {
            throw new InvalidOperationException($"csc ended with {process.ExitCode}:\n{output}");
        }
        Match total = Total().Match(output);
        return new CompilerRun(
            wall,
            total.Success
                ? TimeSpan.FromSeconds(double.Parse(total.Groups[1].Value, CultureInfo.InvariantCulture))
                : TimeSpan.Zero,
            [.. RuleLines().Matches(output).Select(match => match.Value.Trim())]);
    }

    private static string FrameworkFolder() => Path.Combine(
        Directory.GetDirectories(Metadata("ReferenceAssemblies")).Order().Last(), "ref", "net10.0");

    private static string Metadata(string key) => typeof(CompilerRun).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    [GeneratedRegex("(error|warning|info) (NVG|AD|CS8)")]
    private static partial Regex Spoken();

    [GeneratedRegex(@"Total analyzer execution time: ([\d.]+) seconds")]
    private static partial Regex Total();

    [GeneratedRegex(@"^\s*<?\s*[\d.]+\s+<?\s*\d+\s+NvmeGpu\.Analyzers\.Rules\..*$", RegexOptions.Multiline)]
    private static partial Regex RuleLines();
}
