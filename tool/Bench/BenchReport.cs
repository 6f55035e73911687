using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace NvmeGpu.Tool.Bench;

/// <summary>Two runs, one directly after the other.</summary>
internal sealed record BenchPair(double NvmeGpuIops, double FioIops)
{
    public double Ratio => NvmeGpuIops / FioIops;
}

/// <summary>Everything that was measured, for <c>--json</c>.</summary>
internal sealed record BenchReport
{
    public int Format { get; } = 1;

    public required MachineFacts Machine { get; init; }

    public required string Workload { get; init; }

    public required string FioVersion { get; init; }

    public required string FioCommand { get; init; }

    public required IReadOnlyList<double> NopsPerSecond { get; init; }

    public required IReadOnlyList<BenchPair> Pairs { get; init; }

    public required PairedRatio Ratio { get; init; }
}

/// <summary>How the report is written, generated at build time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
