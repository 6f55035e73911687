namespace NvmeGpu.Tool.Ingest;

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

    public static IngestSetup Of(
        NvmeGpuIngestDriver driver, IngestSettings settings, string slotSizeReason) => new()
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
        };
}
