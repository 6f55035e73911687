using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Reads per second by the owned types and by a program in C (c-reader.c), in turn and in the same guest.
/// Only the ratio says something: an emulator has its own idea of time, and gives our instructions more
/// weight than a processor does.
/// </summary>
internal static class SpeedTests
{
    // Both programs are started anew this often: where code and memory lie in a process is worth some per
    // cent in an emulator, and stays as it is while the process lives. So what can be judged is not the
    // pairs, of which there can be any number, but the launches.
    private const int Launches = 9;

    // Short and many: what else this machine does comes and goes within seconds.
    private const int PairsPerLaunch = 33;

    private const int Reads = 500;

    private const double RatioMin = 0.95;

    public static void The_owned_ring_reads_as_fast_as_C_into_registered_memory(GuestContext context) =>
        Compare(context, isRegistered: true);

    public static void The_owned_ring_reads_as_fast_as_C_into_ordinary_memory(GuestContext context) =>
        Compare(context, isRegistered: false);

    private static void Compare(GuestContext context, bool isRegistered)
    {
        var runs = new List<(SpeedRun Owned, SpeedRun C)>();
        var launches = new List<double>();
        for (int i = 0; i < Launches; i++)
        {
            (SpeedRun Owned, SpeedRun C)[] pairs = Launch(context.Data, isRegistered);
            launches.Add(Median(pairs.Select(Ratio)));
            runs.AddRange(pairs);
        }
        launches.Sort();
        string summary = Summary(runs, launches);
        string memory = isRegistered ? "registered" : "ordinary";
        context.Report($"speed.{memory}", summary);
        context.Report($"speed.{memory}.launches", string.Join(' ', launches.Select(x => Text($"{x:f3}"))));
        // Missed is what is missed beyond the noise: the second and the last but one of nine are the ends of
        // a 96 % confidence interval of the median.
        Check.That(launches[^2] >= RatioMin, $"less than {RatioMin} of C: {summary}");
    }

    private static (SpeedRun Owned, SpeedRun C)[] Launch(NvmeDrive drive, bool isRegistered)
    {
        using ReaderProcess owned = ReaderProcess.StartOwned(drive, isRegistered);
        using ReaderProcess c = ReaderProcess.StartC(drive, isRegistered);
        _ = (owned.Run(Reads), c.Run(Reads)); // so that nobody's first time is measured
        var pairs = new (SpeedRun Owned, SpeedRun C)[PairsPerLaunch];
        for (int i = 0; i < pairs.Length; i++)
        {
            // Who is first changes with every pair: what gets slower or faster with time hits both.
            SpeedRun? first = i % 2 == 0 ? null : c.Run(Reads);
            SpeedRun ours = owned.Run(Reads);
            pairs[i] = (ours, first ?? c.Run(Reads));
            Check.Equal(pairs[i].C.Sum, ours.Sum, "the sum of what was read, beside that in C");
            // At the end of a run the last batches may be there already, or not.
            Check.That(
                Math.Abs(ours.Enters - pairs[i].C.Enters) <= SpeedRun.Depth / SpeedRun.Batch,
                $"{ours.Enters} system calls where C has {pairs[i].C.Enters}.");
        }
        return pairs;
    }

    private static double Ratio((SpeedRun Owned, SpeedRun C) pair) =>
        pair.Owned.ReadsPerSecond / pair.C.ReadsPerSecond;

    private static string Summary(List<(SpeedRun Owned, SpeedRun C)> runs, List<double> launches) =>
        Text($"{Median(runs.Select(run => run.Owned.ReadsPerSecond)):f0} and in C ")
        + Text($"{Median(runs.Select(run => run.C.ReadsPerSecond)):f0} reads/s, ")
        + Text($"{Median(runs.Select(Ratio)):f3} of C (median of {runs.Count} pairs; the medians of ")
        + Text($"{Launches} launches {launches[1]:f3} to {launches[^2]:f3}); system calls per read ")
        + Text($"{runs.Sum(run => run.Owned.Enters) / (double)(runs.Count * Reads):f4} and in C ")
        + Text($"{runs.Sum(run => run.C.Enters) / (double)(runs.Count * Reads):f4}");

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
