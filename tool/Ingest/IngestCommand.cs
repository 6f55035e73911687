using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using NvmeGpu.Tool.Terminal;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// <c>nvmegpu ingest</c>: the straight line from files over slots to a consumer, with what came of it.
/// </summary>
internal static class IngestCommand
{
    public static int Run(IngestSettings settings)
    {
        using var interruption = new Interruption();
        using var output = new StandardOutput(onFailure: interruption.Cancel);
        var text = new TextReport(
            output, Console.Error, settings.IsQuiet || settings.IsJson,
            isTerminal: !Console.IsOutputRedirected);
        using IIngestReport report = settings.IsJson ? new JsonReport(output, text) : text;

        int exitCode;
        try
        {
            exitCode = Read(settings, report, text, interruption);
        }
        catch (ToolException e)
        {
            if (settings.IsJson)
            {
                report.End(new IngestResult { Status = "refused", ExitCode = e.ExitCode, Error = e.Message });
            }
            throw;
        }
        return output.Failure is { } failure && interruption.SignalName is null
            ? OutputLost(output.IsBrokenPipe, failure)
            : exitCode;
    }

    private static int Read(
        IngestSettings settings, IIngestReport report, TextReport text, Interruption interruption)
    {
        using NvmeGpuIngestDriver driver = Open(settings, out string slotSizeReason);
        report.Begin(IngestSetup.Of(driver, settings, slotSizeReason));

        var tally = new Tally(report);
        var names = new SourceNames();
        var consumer = new HashingConsumer(settings.Hash, names, tally);
        using RangeList? range = settings.LbaRange is { } blocks
            ? new RangeList(settings.Paths[0], blocks, names, tally.Failure)
            : null;
        IEnumerable<IngestItem> sources =
            range ?? (IEnumerable<IngestItem>)new SourceList(
                settings, names, tally.Failure, interruption.Token);

        long start = Stopwatch.GetTimestamp();
        TimeSpan cpuStart = Environment.CpuUsage.TotalTime;
        using (new HostMegakernel(driver.Queue, consumer))
        {
            IngestProgress.Show(settings, text, consumer, tally, () =>
                Ingest(driver, sources, names, tally, interruption));
        }
        bool isCancelled = interruption.Token.IsCancellationRequested;
        var result = new IngestResult
        {
            Status = isCancelled ? "cancelled" : tally.Failed > 0 ? "failed" : "complete",
            ExitCode = isCancelled ? interruption.ExitCode : tally.Failed > 0
                ? ExitCode.SourcesFailed : ExitCode.Success,
            SourcesRead = tally.Read,
            SourcesFailed = tally.Failed,
            Bytes = consumer.SeenBytes,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            CpuSeconds = (Environment.CpuUsage.TotalTime - cpuStart).TotalSeconds,
            Telemetry = driver.Telemetry,
            KernelFeatures = KernelFeature.Of(driver.Features),
        };
        report.End(result);
        if (interruption.SignalName is { } signal)
        {
            Console.Error.WriteLine(
                $"nvmegpu: cancelled by {signal} after {result.Bytes:N0} bytes; {result.SourcesRead:N0} "
                + "sources were read to their end. Every read in flight has ended.");
        }
        return result.ExitCode;
    }

    private static NvmeGpuIngestDriver Open(IngestSettings settings, out string slotSizeReason)
    {
        (int slotSize, slotSizeReason) =
            SlotSizeChoice.Choose(settings.SlotSizeBytes, settings.SlotCount, MemoryLimits.LockedBytes);
        var options = new IngestOptions
        {
            ReadPath =
                settings.LbaRange is null ? settings.ReadPath : NativeReadPath.GpuDirectNvmePassthrough,
            SlotCount = settings.SlotCount,
            SlotSizeBytes = slotSize,
            DirectIo = settings.DirectIo,
            Target = TargetOf(settings),
        };
        if (settings.DepthMax > 0)
        {
            options = options with { DepthMax = settings.DepthMax };
        }
        try
        {
            return NvmeGpuIngestDriver.Open(options);
        }
        catch (IoUringException e)
        {
            throw new ToolException(ExitCode.Refused, e.Message, e);
        }
        catch (NotSupportedException e)
        {
            throw new ToolException(ExitCode.Refused, $"{e.Message} (nvmegpu probe shows all checks.)", e);
        }
    }

    /// <summary>
    /// What the driver may try: the one source, or with a path by name the first. Sources that lie on other
    /// drives are tried by the driver when their turn comes.
    /// </summary>
    private static string? TargetOf(IngestSettings settings)
    {
        string first = settings.Paths[0];
        bool isOneOfMany = settings.ReadPath is null && settings.Paths.Count > 1;
        if (first is "" or SourceList.StandardInput || isOneOfMany)
        {
            return null;
        }
        return !Directory.Exists(first) ? first
            : settings.ReadPath is null ? null
            : IngestSource.Directory(first, _ => { }).FirstOrDefault().Path;
    }

    private static void Ingest(
        NvmeGpuIngestDriver driver, IEnumerable<IngestItem> sources, SourceNames names, Tally tally,
        Interruption interruption)
    {
        try
        {
            driver.Ingest(
                IngestSource.Items(sources),
                completed =>
                {
                    if (completed.Status == IngestStatus.Published)
                    {
                        return; // the consumer reports the source when it has seen its last byte
                    }
                    names.Remove((uint)completed.Source);
                    if (completed.Status == IngestStatus.Failed)
                    {
                        tally.Failure(completed.Path, ReasonOf(completed.Error));
                    }
                },
                interruption.Token);
        }
        catch (OperationCanceledException)
        {
            // Said in the result. Every read has ended.
        }
        catch (IoUringException e)
        {
            throw new ToolException(ExitCode.Refused, e.Message, e);
        }
    }

    private static string ReasonOf(Exception? error) => error switch
    {
        IngestException e => e.Reason,
        null => "it could not be read.",
        _ => error.Message,
    };

    private static int OutputLost(bool isBrokenPipe, Exception failure)
    {
        if (isBrokenPipe)
        {
            return ExitCode.BrokenPipe; // silently, as every filter: the reader has what it wanted
        }
        throw new ToolException(
            ExitCode.SourcesFailed, $"standard output cannot be written: {failure.Message}", failure);
    }

    /// <summary>Counts what is reported.</summary>
    internal sealed class Tally(IIngestReport next) : IIngestReport
    {
        private long _read;
        private long _failed;

        public long Read => Volatile.Read(ref _read);

        public long Failed => Volatile.Read(ref _failed);

        public void Begin(IngestSetup setup) => next.Begin(setup);

        public void Source(string path, long lengthBytes, string? hash)
        {
            Interlocked.Increment(ref _read);
            next.Source(path, lengthBytes, hash);
        }

        public void Failure(string path, string reason)
        {
            Interlocked.Increment(ref _failed);
            next.Failure(path, reason);
        }

        public void End(IngestResult result) => next.End(result);

        public void Dispose()
        {
        }
    }
}
