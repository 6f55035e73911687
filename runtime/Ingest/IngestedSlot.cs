#nullable enable
using System;

namespace NvmeGpu;

/// <summary>
/// One published slot in an <c>await foreach</c> over <see cref="NvmeGpuIngestDriver.ReadAllAsync"/>. It is
/// yours until the next iteration begins: then the slot goes back and is refused here.
/// </summary>
readonly partial struct IngestedSlot
{
    private readonly IngestRun _run;
    private readonly CompletedIngest _completed;

    internal IngestedSlot(IngestRun run, in CompletedIngest completed)
    {
        _run = run;
        _completed = completed;
    }

    /// <summary>The source's number, counted from 0 over the driver's life.</summary>
    public long Source => _completed.Source;

    /// <summary>The source's path, as it was given.</summary>
    public string Path => _completed.Path;

    /// <summary>What was given along with the source.</summary>
    public long Tag => _completed.Tag;

    /// <summary>Which slot.</summary>
    public SlotIndex Slot => _completed.Slot;

    /// <summary>Where in the source the bytes begin.</summary>
    public long OffsetBytes => _completed.OffsetBytes;

    /// <summary>Bytes; 0 for an empty source.</summary>
    public int ByteCount => _completed.ByteCount;

    /// <summary>The source is complete with these bytes.</summary>
    public bool IsLast => _completed.IsLast;

    /// <summary>
    /// The bytes, until the next iteration. Of another device's memory each look is a copy that the kernel
    /// makes, and ends the one before.
    /// </summary>
    /// <exception cref="System.IO.IOException">The device whose memory it is has gone.</exception>
    /// <exception cref="InvalidOperationException">The slot was given back: the loop went on.</exception>
    public ReadOnlySpan<byte> Bytes =>
        _run.BytesOf(_completed.Position, _completed.Slot, _completed.ByteCount);
}
