namespace NvmeGpu.Tool.Bench;

/// <summary>The command line of <c>nvmegpu bench</c>, as values.</summary>
internal sealed record BenchSettings
{
    /// <summary>Where the file to read is made; it is removed at the end.</summary>
    public required string Folder { get; init; }

    public long FileBytes { get; init; } = 1L << 30;

    public int Pairs { get; init; } = 15;

    /// <summary>Seconds of each run.</summary>
    public int Seconds { get; init; } = 3;

    public int DepthMax { get; init; } = 128;

    public int Batch { get; init; } = 32;

    /// <summary>The peer's program.</summary>
    public string Fio { get; init; } = "fio";

    public bool IsJson { get; init; }
}
