#nullable enable
using System;

namespace NvmeGpu;

/// <summary>
/// How a loop of reads on request is to be set up. The default value of every property is a working choice.
/// </summary>
readonly partial record struct MegakernelIoLoopOptions
{
    /// <summary>The defaults below.</summary>
    public MegakernelIoLoopOptions()
    {
    }

    /// <summary>
    /// Entries of the queue, so requests at once, 1 to <see cref="MegakernelRequestQueue.CapacityLimit"/>.
    /// </summary>
    public int EntryCount { get; init; } = 64;

    /// <summary>Reads in flight at most; requests beyond wait in the queue.</summary>
    public int DepthMax { get; init; } = 64;

    /// <summary>
    /// Sources at most, 1 to 32,768 and not more than the process may open files (ulimit -n).
    /// </summary>
    public int SourceCountMax { get; init; } = 256;

    /// <summary>Open files with O_DIRECT: the device writes into the destinations itself.</summary>
    public bool DirectIo { get; init; }

    /// <summary>Namespaces can be sources: the ring has entries for NVMe commands.</summary>
    public bool UseCommands { get; init; }

    /// <summary>
    /// Where the queue's memory comes from, so that the GPU maps it; null means host memory.
    /// </summary>
    public IPeerMemoryProvider? Memory { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(EntryCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(EntryCount, MegakernelRequestQueue.CapacityLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(SourceCountMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SourceCountMax, 32_768);
        ArgumentOutOfRangeException.ThrowIfLessThan(DepthMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DepthMax, IoUringOptions.DepthLimit / 2);
    }
}
