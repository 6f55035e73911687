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

    /// <summary>Where in the source the bytes begin, or those that are missing.</summary>
    public long OffsetBytes => _completed.OffsetBytes;

    /// <summary>Bytes; 0 for an empty source, and when the slot failed.</summary>
    public int ByteCount => _completed.ByteCount;

    /// <summary>The source is at its end with this slot.</summary>
    public bool IsLast => _completed.IsLast;

    /// <summary>
    /// Why the storage could not deliver the slot's bytes; null when it did. Never another with
    /// <see cref="IngestOptions.FailedSlotsMax"/> 0.
    /// </summary>
    public Exception? Error => _completed.Error;

    /// <summary>Bytes of the source that a slot which failed should have had; else 0.</summary>
    public int MissingByteCount => _completed.MissingByteCount;

    /// <summary>
    /// The bytes, until the next iteration. Of another device's memory each look is a copy that the kernel
    /// makes, and ends the one before.
    /// </summary>
    /// <exception cref="IngestException">The slot failed: <see cref="Error"/>, in another one.</exception>
    /// <exception cref="System.IO.IOException">The device whose memory it is has gone.</exception>
    /// <exception cref="InvalidOperationException">The slot was given back: the loop went on.</exception>
    public ReadOnlySpan<byte> Bytes => Error is { } error
        ? throw new IngestException(
            Path, $"the slot at offset {OffsetBytes} failed and has no bytes; look at Error first.", error)
        : _run.BytesOf(_completed.Position, _completed.Slot, _completed.ByteCount);
}
