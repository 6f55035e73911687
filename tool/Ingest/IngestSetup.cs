using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.Tool.Ingest;

/// <summary>One kernel feature, see <see cref="IoUringFeature"/>.</summary>
internal sealed record FeatureSetup(string Name, bool IsGranted, string Reason);

/// <summary>What the driver chose, and why.</summary>
internal sealed record IngestSetup
{
    public required string ReadPath { get; init; }

    public required string ReadPathReason { get; init; }

    public required int SlotCount { get; init; }

    public required string SlotCountReason { get; init; }

    public required int SlotSizeBytes { get; init; }

    public required string SlotSizeReason { get; init; }

    /// <summary>Reads in flight at most.</summary>
    public required int DepthMax { get; init; }

    public required bool DirectIo { get; init; }

    public required string MemoryKind { get; init; }

    public required string PageBacking { get; init; }

    public required string Hash { get; init; }

    public required IReadOnlyList<FeatureSetup> KernelFeatures { get; init; }

    public static IngestSetup Of(NvmeGpuIngestDriver driver, IngestSettings settings, string slotSizeReason) => new()
    {
        ReadPath = driver.ReadPath.ToString(),
        ReadPathReason = driver.ReadPathReason,
        SlotCount = driver.SlotCount,
        SlotCountReason = driver.SlotCountReason,
        SlotSizeBytes = driver.SlotSizeBytes,
        SlotSizeReason = slotSizeReason,
        DepthMax = driver.DepthMax,
        DirectIo = settings.DirectIo,
        MemoryKind = driver.SlotMemory.Kind.ToString(),
        PageBacking = driver.SlotMemory.Backing.ToString(),
        Hash = settings.Hash.ToString().ToLowerInvariant(),
        KernelFeatures = [.. driver.Features.All.Select(f => new FeatureSetup(f.Name, f.IsGranted, f.Reason))],
    };
}
