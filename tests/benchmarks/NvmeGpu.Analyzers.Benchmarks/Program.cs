using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace NvmeGpu.Analyzers.Benchmarks;

/// <summary>
/// Compiles two programs with and without the rules, alternating, and prints what the compiler reports that
/// the rules took, against what it takes without them.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        int pairs = args.Length > 0 ? int.Parse(args[0]) : 5;
        Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
            + $"{Environment.ProcessorCount} processors; csc of the SDK in its server, /parallel-, {pairs} "
            + "pairs of runs after three to warm up");
        bool isMet = Measure("1,000 files without the library", GeneratedCode.WithoutTheLibrary(1000), pairs,
            1000, "file", 0.01);
        isMet &= Measure("1,000 methods with submissions", GeneratedCode.WithSubmissions(1000), pairs, 1000,
            "method", 0.10);
        return isMet ? 0 : 1;
    }

    private static bool Measure(
        string what, IEnumerable<string> texts, int pairs, int units, string unit, double shareMax)
    {
        string folder = Directory.CreateTempSubdirectory("nvmegpu-analyzers-").FullName;
        try
        {
            List<string> files = [];
            foreach (string text in texts)
            {
                files.Add(Path.Combine(folder, $"File{files.Count}.cs"));
                File.WriteAllText(files[^1], text);
            }
            var without = new List<CompilerRun>();
            var with = new List<CompilerRun>();
            for (int i = 0; i < 3; i++)
            {
                CompilerRun.Of(files, folder, withAnalyzers: true);
            }
            for (int i = 0; i < pairs; i++)
            {
                without.Add(CompilerRun.Of(files, folder, withAnalyzers: false));
                with.Add(CompilerRun.Of(files, folder, withAnalyzers: true));
            }

            double compile = Median(without.Select(run => run.Wall.TotalSeconds));
            double rules = Median(with.Select(run => run.Analyzers.TotalSeconds));
            double share = rules / compile;
            Console.WriteLine();
            Console.WriteLine(
                $"{what}: compiler without rules {compile:0.000} s (median), rules {rules:0.000} s by its "
                + "report "
                + $"= {share:P2} (goal: under {shareMax:P0}), {rules / units * 1e6:0} us per {unit}");
            Console.WriteLine("  all runs, rules in s: "
                + string.Join(" ", with.Select(run => $"{run.Analyzers.TotalSeconds:0.000}")));
            Console.WriteLine("  all runs, compiler in s: "
                + string.Join(" ", without.Select(run => $"{run.Wall.TotalSeconds:0.000}")));
            Console.WriteLine("  Time (s)    %   rule, of the last run");
            foreach (string line in with[^1].Rules)
            {
                Console.WriteLine("  " + line);
            }
            return share < shareMax;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
