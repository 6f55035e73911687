using System.Collections.Generic;
using NvmeGpu.Tool.Hashing;

namespace NvmeGpu.Tool.Ingest;

/// <summary>The command line of <c>nvmegpu ingest</c>, as values.</summary>
internal sealed record IngestSettings
{
    /// <summary>
    /// Files and directories; <see cref="SourceList.StandardInput"/> stands for the list on standard input.
    /// </summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The list on standard input is separated by NUL, not by line feeds.</summary>
    public bool IsNulSeparated { get; init; }

    /// <summary>How much of each source; null means all.</summary>
    public long? LengthBytes { get; init; }

    /// <summary>Blocks of the one path, which is a namespace; null for files.</summary>
    public LbaRange? LbaRange { get; init; }

    public HashKind Hash { get; init; }

    /// <summary>0 lets the driver choose.</summary>
    public int SlotCount { get; init; }

    /// <summary>0 lets this program choose.</summary>
    public int SlotSizeBytes { get; init; }

    /// <summary>0 means the driver's default.</summary>
    public int DepthMax { get; init; }

    public bool DirectIo { get; init; }

    /// <summary>null means auto.</summary>
    public NativeReadPath? ReadPath { get; init; }

    public bool IsJson { get; init; }

    public bool IsQuiet { get; init; }
}
