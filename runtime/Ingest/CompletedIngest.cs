#nullable enable
using System;

namespace NvmeGpu;

/// <summary>How a slot, or a whole source, ended.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum IngestStatus
{
    /// <summary>The slot holds exactly the bytes that were asked for, and is published.</summary>
    Published = 0,

    /// <summary>
    /// The source failed: nothing more of it is published, and a consumer was told to drop what it has.
    /// </summary>
    Failed = 1,

    /// <summary>As failed, because reading was cancelled.</summary>
    Cancelled = 2,

    /// <summary>
    /// The storage could not deliver the bytes of this one slot, and others of its source are still read:
    /// only with <see cref="IngestOptions.FailedSlotsMax"/>.
    /// </summary>
    SlotFailed = 3,
}

/// <summary>One slot that was published or failed, or one source that failed.</summary>
readonly partial record struct CompletedIngest
{
    /// <summary>The source: its number in the order of submission, counted from 0.</summary>
    public long Source { get; init; }

    /// <summary>The source's path, as it was given; of a range the namespace's device.</summary>
    public string Path { get; init; }

    /// <summary>What the caller gave along with the source.</summary>
    public long Tag { get; init; }

    /// <summary>How it ended.</summary>
    public IngestStatus Status { get; init; }

    /// <summary>The slot; only for <see cref="IngestStatus.Published"/>.</summary>
    public SlotIndex Slot { get; init; }

    /// <summary>Where in the source the slot's bytes begin, or those that are missing.</summary>
    public long OffsetBytes { get; init; }

    /// <summary>Bytes in the slot; 0 for an empty source, and when it failed.</summary>
    public int ByteCount { get; init; }

    /// <summary>Bytes of the source that a slot which failed should have had; else 0.</summary>
    public int MissingByteCount { get; init; }

    /// <summary>The last slot of its source, or its failure: nothing more comes of this source.</summary>
    public bool IsLast { get; init; }

    /// <summary>Why the source or its slot failed; null when it did not.</summary>
    public Exception? Error { get; init; }

    /// <summary>The slot's position in the queue.</summary>
    internal uint Position { get; init; }
}
