using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using NvmeGpu.Tool.Terminal;
using NvmeGpu.Tool.Text;

namespace NvmeGpu.Tool.Bench;

/// <summary>
/// <c>nvmegpu bench</c>: 4 KiB random reads from the page cache through the owned API, next to fio doing the
/// same, A B A B in one run, so that whatever else the machine does meets both alike.
/// </summary>
internal static class BenchCommand
{
    private const int NopRuns = 3;

    public static int Run(BenchSettings settings)
    {
        using var interruption = new Interruption();
        TextWriter progress = settings.IsJson ? Console.Error : Console.Out;
        try
        {
            BenchReport? report = Measure(settings, progress, interruption);
            if (report is null)
            {
                Console.Error.WriteLine(
                    $"nvmegpu: cancelled by {interruption.SignalName}; the file to read was removed.");
                return interruption.ExitCode;
            }
            if (settings.IsJson)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(report, BenchJson.Default.BenchReport));
            }
            return ExitCode.Success;
        }
        catch (IoUringException e)
        {
            throw new ToolException(ExitCode.Refused, e.Message, e);
        }
    }

    /// <summary>null when interrupted.</summary>
    private static BenchReport? Measure(
        BenchSettings settings, TextWriter progress, Interruption interruption)
    {
        string workload =
            $"random reads of 4 KiB from the page cache, file of {ByteSize.Exact(settings.FileBytes)}, "
            + $"depth {settings.DepthMax}, batches of {settings.Batch}, {settings.Seconds} s per run";
        var machine = new MachineFacts();
        progress.WriteLine($"machine    {machine.Cpu}, {machine.Cores} cores, Linux {machine.Kernel}");
        progress.WriteLine($"runtime    {machine.Runtime}, {machine.Compiler}");
        progress.WriteLine($"workload   {workload}");

        using var file = new BenchFile(settings.Folder, settings.FileBytes);
        var fio = new FioRun(settings, file);
        progress.WriteLine($"peer       {Printable.Of(fio.Version)}");
        progress.WriteLine($"           {Printable.Of(fio.Command)}");

        List<double> nops = MeasureNops(settings, progress, interruption);
        List<BenchPair> pairs = MeasurePairs(settings, file, fio, progress, interruption);
        if (interruption.Token.IsCancellationRequested)
        {
            return null;
        }
        PairedRatio ratio = PairedRatio.Of([.. pairs.Select(pair => pair.Ratio)]);
        progress.WriteLine(
            $"median     "
            + $"{PairedRatio.MedianOf([.. pairs.Select(p => p.NvmeGpuIops)]),12:N0} "
            + $"{PairedRatio.MedianOf([.. pairs.Select(p => p.FioIops)]),12:N0} reads/s");
        progress.WriteLine(
            $"ratio      {ratio.Median:F3} (median of {pairs.Count} pairs; 95 % interval {ratio.Low:F3} to "
            + $"{ratio.High:F3}, bootstrap with {PairedRatio.Resamples:N0} resamples)");
        return new BenchReport
        {
            Machine = machine,
            Workload = workload,
            FioVersion = fio.Version,
            FioCommand = fio.Command,
            NopsPerSecond = nops,
            Pairs = pairs,
            Ratio = ratio,
        };
    }

    private static List<double> MeasureNops(
        BenchSettings settings, TextWriter progress, Interruption interruption)
    {
        List<double> runs = [];
        using var loop = new NopLoop(settings.DepthMax, settings.Batch);
        loop.WarmUp();
        for (int i = 0; i < NopRuns && !interruption.Token.IsCancellationRequested; i++)
        {
            runs.Add(loop.Run(TimeSpan.FromSeconds(settings.Seconds)));
            progress.WriteLine($"nops       {runs[^1],12:N0} /s");
        }
        return runs;
    }

    private static List<BenchPair> MeasurePairs(
        BenchSettings settings, BenchFile file, FioRun fio, TextWriter progress, Interruption interruption)
    {
        List<BenchPair> pairs = [];
        using var loop = new RandomReadLoop(file, settings.DepthMax, settings.Batch);
        loop.WarmUp();
        progress.WriteLine("pair            nvmegpu          fio reads/s  ratio");
        for (int i = 0; i < settings.Pairs && !interruption.Token.IsCancellationRequested; i++)
        {
            double ours = loop.Run(TimeSpan.FromSeconds(settings.Seconds));
            if (interruption.Token.IsCancellationRequested)
            {
                break;
            }
            var pair = new BenchPair(ours, fio.Run());
            pairs.Add(pair);
            progress.WriteLine(
                $"{i + 1,4}       {pair.NvmeGpuIops,12:N0} {pair.FioIops,12:N0}        {pair.Ratio,7:F3}");
        }
        return pairs;
    }
}
