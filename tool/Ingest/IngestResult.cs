using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.Tool.Ingest;

/// <summary>One kernel feature, see <see cref="IoUringFeature"/>.</summary>
internal sealed record KernelFeature(string Name, bool IsGranted, string Reason)
{
    public static IReadOnlyList<KernelFeature> Of(IoUringFeatures features) =>
        [.. features.All.Select(f => new KernelFeature(f.Name, f.IsGranted, f.Reason))];
}

/// <summary>How it ended, and what it took.</summary>
internal sealed record IngestResult
{
    /// <summary>
    /// <c>complete</c>, <c>failed</c> (some sources), <c>cancelled</c> or <c>refused</c> (nothing was read).
    /// </summary>
    public required string Status { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>Why it was refused; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>Sources of which the consumer has seen every byte.</summary>
    public long SourcesRead { get; init; }

    public long SourcesFailed { get; init; }

    /// <summary>Bytes that the consumer has seen, those of unfinished sources included.</summary>
    public long Bytes { get; init; }

    public double Seconds { get; init; }

    public double GigabytesPerSecond => Seconds > 0 ? Bytes / 1e9 / Seconds : 0;

    /// <summary>User and system time of the whole process while it read.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>null below a million bytes, where it says nothing.</summary>
    public double? CpuSecondsPerGigabyte => Bytes >= 1_000_000 ? CpuSeconds / (Bytes / 1e9) : null;

    public NvmeGpuIngestTelemetry Telemetry { get; init; }

    /// <summary>What the ring had in the end: some features are asked for by the thread that reads.</summary>
    public IReadOnlyList<KernelFeature> KernelFeatures { get; init; } = [];
}
