using System;
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
    // Short and many: what else this machine does comes and goes within seconds.
    private const int Pairs = 301;

    private const int Reads = 500;

    private const double RatioMin = 0.95;

    /// <summary>
    /// How far from the middle of the sorted ratios the ends of the median's 95 % confidence interval are.
    /// </summary>
    private static readonly int s_spread = (int)Math.Ceiling(0.98 * Math.Sqrt(Pairs));

    public static void The_owned_ring_reads_as_fast_as_C_into_registered_memory(GuestContext context) =>
        Compare(context, isRegistered: true);

    public static void The_owned_ring_reads_as_fast_as_C_into_ordinary_memory(GuestContext context) =>
        Compare(context, isRegistered: false);

    private static void Compare(GuestContext context, bool isRegistered)
    {
        using var owned = new OwnedReader(context.Data, isRegistered);
        using var c = new CReaderProcess(context.Data, isRegistered);
        _ = (owned.Run(Reads), c.Run(Reads)); // so that nobody's first time is measured
        var runs = new (SpeedRun Owned, SpeedRun C)[Pairs];
        for (int i = 0; i < Pairs; i++)
        {
            // Who is first changes with every pair: what gets slower or faster with time hits both.
            SpeedRun? first = i % 2 == 0 ? null : c.Run(Reads);
            SpeedRun ours = owned.Run(Reads);
            runs[i] = (ours, first ?? c.Run(Reads));
            Check.Equal(runs[i].C.Sum, ours.Sum, "the sum of what was read, beside that in C");
            // At the end of a run the last batches may be there already, or not.
            Check.That(
                Math.Abs(ours.Enters - runs[i].C.Enters) <= SpeedRun.Depth / SpeedRun.Batch,
                $"{ours.Enters} system calls where C has {runs[i].C.Enters}.");
        }
        double[] ratios = [.. runs.Select(run => run.Owned.ReadsPerSecond / run.C.ReadsPerSecond)];
        string summary = Summary(runs, ratios);
        string memory = isRegistered ? "registered" : "ordinary";
        context.Report($"speed.{memory}", summary);
        context.Report(
            $"speed.{memory}.ratios", string.Join(' ', ratios.Select(ratio => Text($"{ratio:f3}"))));
        // Missed is what is missed beyond the noise of the pairs.
        Check.That(Sorted(ratios, s_spread) >= RatioMin, $"less than {RatioMin} of C: {summary}");
    }

    private static string Summary((SpeedRun Owned, SpeedRun C)[] runs, double[] ratios) =>
        Text($"{Median([.. runs.Select(run => run.Owned.ReadsPerSecond)]):f0} and in C ")
        + Text($"{Median([.. runs.Select(run => run.C.ReadsPerSecond)]):f0} reads/s, ")
        + Text($"{Median(ratios):f3} of C (median of {runs.Length} pairs, {Sorted(ratios, -s_spread):f3} to ")
        + Text($"{Sorted(ratios, s_spread):f3}); system calls per read ")
        + Text($"{runs.Sum(run => run.Owned.Enters) / (double)(runs.Length * Reads):f4} and in C ")
        + Text($"{runs.Sum(run => run.C.Enters) / (double)(runs.Length * Reads):f4}");

    private static double Median(double[] values) => Sorted(values, 0);

    /// <summary>The value so many places from the middle.</summary>
    private static double Sorted(double[] values, int fromMiddle) =>
        values.Order().ElementAt((values.Length / 2) + fromMiddle);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
