#nullable enable
using System;

namespace NvmeGpu;

/// <summary>
/// One published slot, as a consumer on the host sees it. Its bytes are the consumer's during the call only.
/// </summary>
readonly ref partial struct PublishedSlot
{
    internal PublishedSlot(in MegakernelSlot slot, ReadOnlySpan<byte> bytes)
    {
        Source = slot.Source;
        OffsetBytes = (long)(((ulong)slot.OffsetHigh << 32) | slot.OffsetLow);
        Bytes = bytes;
        IsFailed = ((MegakernelOperation)slot.Operation & MegakernelOperation.SlotFailed) != 0;
        MissingByteCount = IsFailed ? (int)slot.ByteCount : 0;
        IsLast = ((MegakernelOperation)slot.Operation & MegakernelOperation.LastOfSource) != 0;
        IsAbandoned = ((MegakernelOperation)slot.Operation & MegakernelOperation.Abandoned) != 0;
    }

    /// <summary>
    /// The source's number, modulo 2^32: the driver counts every item that it takes from a source, also those
    /// that cannot be opened, from 0 over its life.
    /// </summary>
    public uint Source { get; }

    /// <summary>Where in the source the bytes begin, or those that are missing.</summary>
    public long OffsetBytes { get; }

    /// <summary>The bytes; empty for an empty source, when it was abandoned, and when the slot
    /// failed.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>
    /// The storage could not deliver these bytes, and the source goes on behind them: only with
    /// <see cref="IngestOptions.FailedSlotsMax"/>.
    /// </summary>
    public bool IsFailed { get; }

    /// <summary>Bytes of the source that a slot which failed should have had; else 0.</summary>
    public int MissingByteCount { get; }

    /// <summary>The source is at its end with this slot.</summary>
    public bool IsLast { get; }

    /// <summary>The source failed: what came of it before is to be dropped.</summary>
    public bool IsAbandoned { get; }
}

/// <summary>What <see cref="HostMegakernel"/> does with each slot.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
internal
#endif
interface ISlotConsumer
{
    /// <summary>
    /// Looks at one slot. With one worker the calls come one after the other in the order of publishing; with
    /// more they come from several threads at once.
    /// </summary>
    /// <remarks>An exception ends the megakernel and the ingest.</remarks>
    void Consume(in PublishedSlot slot);
}
