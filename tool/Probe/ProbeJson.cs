using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace NvmeGpu.Tool.Probe;

/// <summary>The report of <c>nvmegpu probe --json</c>.</summary>
internal sealed record ProbeReport
{
    public int Format { get; } = 1;

    /// <summary>What was looked at besides the machine; null when nothing.</summary>
    public required string? Target { get; init; }

    public required IReadOnlyList<CapabilityCheck> Checks { get; init; }

    public required IReadOnlyList<ProbePath> Paths { get; init; }
}

/// <summary>What the checks mean for one read path.</summary>
internal sealed record ProbePath(
    NativeReadPath Path, bool IsAvailable, bool IsProven, string? FirstMissing, string Reason);

/// <summary>
/// How the report is written, generated at build time; names instead of numbers for enumerations.
/// </summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ProbeReport))]
internal sealed partial class ProbeJson : JsonSerializerContext;
