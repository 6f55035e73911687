using System;
using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.Tool.Bench;

/// <summary>
/// The median of paired ratios, with a 95 % interval by the bootstrap (percentiles of resampled medians).
/// </summary>
/// <param name="Median">Of ours / theirs, pair by pair.</param>
/// <param name="Low">2.5th percentile of the medians.</param>
/// <param name="High">97.5th percentile of the medians.</param>
internal readonly record struct PairedRatio(double Median, double Low, double High)
{
    public const int Resamples = 10_000;

    /// <param name="ratios">1 and more.</param>
    public static PairedRatio Of(IReadOnlyList<double> ratios)
    {
        ArgumentOutOfRangeException.ThrowIfZero(ratios.Count);
        var random = new Random(1); // the same pairs give the same interval
        double[] sample = new double[ratios.Count];
        double[] medians = new double[Resamples];
        for (int i = 0; i < Resamples; i++)
        {
            for (int j = 0; j < sample.Length; j++)
            {
                sample[j] = ratios[random.Next(ratios.Count)];
            }
            medians[i] = MedianOf(sample);
        }
        Array.Sort(medians);
        return new PairedRatio(
            MedianOf([.. ratios]), medians[Resamples / 40], medians[Resamples - 1 - (Resamples / 40)]);
    }

    public static double MedianOf(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
