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
        IsLast = ((MegakernelOperation)slot.Operation & MegakernelOperation.LastOfSource) != 0;
        IsAbandoned = ((MegakernelOperation)slot.Operation & MegakernelOperation.Abandoned) != 0;
    }

    /// <summary>
    /// The source's number, modulo 2^32: the driver counts every item that it takes from a source, also those
    /// that cannot be opened, from 0 over its life.
    /// </summary>
    public uint Source { get; }

    /// <summary>Where in the source the bytes begin.</summary>
    public long OffsetBytes { get; }

    /// <summary>The bytes; empty for an empty source, and when it was abandoned.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The source is complete with these bytes.</summary>
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
