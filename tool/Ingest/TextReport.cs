using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using NvmeGpu.Tool.Terminal;
using NvmeGpu.Tool.Text;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// Lines for people and for sha256sum(1): what was chosen, one checksum line per source, what came of it.
/// Failures go to standard error, one sentence each.
/// </summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="isQuiet">Only checksum lines and failures.</param>
/// <param name="isTerminal">Standard output is a terminal: hostile names are shown escaped there.</param>
internal sealed class TextReport(StandardOutput output, TextWriter error, bool isQuiet, bool isTerminal)
    : IIngestReport
{
    private const int FlushBytes = 32 << 10;
    private static readonly TimeSpan s_flushInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes * 2);
    private long _lastFlush;

    /// <summary>
    /// Writes whole lines in another way than to standard output, for a progress bar that must stay below
    /// them.
    /// </summary>
    public Action<string>? LineSink { get; set; }

    public void Begin(IngestSetup setup) => Print(
        [
            Line("path", $"{setup.ReadPath} ({setup.ReadPathReason})"),
            Line("slots",
                $"{setup.SlotCount} ({setup.SlotCountReason}) of {ByteSize.Exact(setup.SlotSizeBytes)} "
                + $"({setup.SlotSizeReason}), {setup.DepthMax} reads in flight at most"),
            Line("pages", $"{setup.MemoryKind}, {setup.PageBacking}"),
        ]);

    public void Source(string path, long lengthBytes, string? hash)
    {
        if (hash is null)
        {
            return;
        }
        string line = isTerminal ? $"{hash}  {Printable.Of(path)}" : ChecksumLine.Of(hash, path);
        lock (_gate)
        {
            Append(line);
            if (isTerminal || _buffer.WrittenCount > FlushBytes
                || Stopwatch.GetElapsedTime(_lastFlush) > s_flushInterval)
            {
                Flush();
            }
        }
    }

    public void Failure(string path, string reason)
    {
        string line = $"nvmegpu: {Printable.Of(path)}: {Printable.Of(reason)}";
        if (LineSink is { } sink)
        {
            sink(line);
            return;
        }
        lock (_gate)
        {
            error.WriteLine(line);
        }
    }

    public void End(IngestResult result)
    {
        NvmeGpuIngestTelemetry t = result.Telemetry;
        Print(
        [
            Line("bytes", $"{result.Bytes:N0} in {result.Seconds:F3} s, {result.GigabytesPerSecond:F2} GB/s"),
            Line("sources", $"{result.SourcesRead:N0} read, {result.SourcesFailed:N0} failed"),
            Line("reads",
                $"{t.ReadsSubmitted:N0}, {t.ShortReads:N0} short and continued, {t.Retries:N0} tried again"),
            Line("copies", Copies(t)),
            Line("system calls", $"{t.EnterCalls:N0} (io_uring_enter)"),
            Line("kernel",
                string.Join(", ", result.KernelFeatures.Where(f => f.IsGranted).Select(f => f.Name))),
            .. result.KernelFeatures.Where(f => !f.IsGranted)
                .Select(f => Line("", $"without {f.Name}: {f.Reason}")),
            Line("CPU", $"{result.CpuSeconds:F3} s" + (result.CpuSecondsPerGigabyte is { } cpu
                ? $", {cpu:F3} s per GB" : "")),
        ]);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Flush();
        }
    }

    private static string Copies(in NvmeGpuIngestTelemetry t)
    {
        var parts = new List<string>();
        Add(t.ProvenZeroCopy, "reads proven without a copy");
        Add(t.ZeroCopyByDesign, "reads without a copy by design");
        Add(t.BouncedByKernel, "reads copied by the kernel");
        Add(t.Buffered, "reads copied from the page cache");
        return parts.Count == 0 ? "no reads" : string.Join(", ", parts);

        void Add(long count, string what)
        {
            if (count > 0)
            {
                parts.Add($"{count:N0} {what}");
            }
        }
    }

    private static string Line(string name, string value) => $"{name,-13} {value}";

    private void Print(IEnumerable<string> lines)
    {
        lock (_gate)
        {
            if (!isQuiet)
            {
                foreach (string line in lines)
                {
                    Append(Printable.Of(line));
                }
            }
            Flush();
        }
    }

    private void Append(string line)
    {
        if (LineSink is { } sink)
        {
            sink(line);
            return;
        }
        Encoding.UTF8.GetBytes(line, _buffer);
        _buffer.Write("\n"u8);
    }

    private void Flush()
    {
        if (_buffer.WrittenCount > 0)
        {
            output.Write(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
        }
        _lastFlush = Stopwatch.GetTimestamp();
    }
}
