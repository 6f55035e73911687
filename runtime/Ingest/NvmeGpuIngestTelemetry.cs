#nullable enable
using System;

namespace NvmeGpu;

/// <summary>What is known about whether a read was copied by the CPU on its way.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum ZeroCopyEvidence
{
    /// <summary>The kernel copied from its page cache.</summary>
    Buffered = 0,

    /// <summary>The kernel copied through memory of its own although direct I/O was asked for.</summary>
    BouncedByKernel = 1,

    /// <summary>
    /// The device wrote into the slot: direct I/O, aligned, on a file that says that it does that.
    /// </summary>
    ZeroCopyByDesign = 2,

    /// <summary>The same, and a trial read and an independent witness proved it.</summary>
    ProvenZeroCopy = 3,
}

/// <summary>A driver's counters at one moment. All only grow.</summary>
readonly partial record struct NvmeGpuIngestTelemetry
{
    /// <summary>Reads handed to the kernel, continuations and retries included.</summary>
    public long ReadsSubmitted { get; init; }

    /// <summary>Reads that the kernel completed without an error, short ones included.</summary>
    public long ReadsCompleted { get; init; }

    /// <summary>Reads that ended with an error and were not tried again.</summary>
    public long ReadsFailed { get; init; }

    /// <summary>Reads that ended because they were cancelled.</summary>
    public long ReadsCancelled { get; init; }

    /// <summary>Reads that brought fewer bytes than asked for and were continued.</summary>
    public long ShortReads { get; init; }

    /// <summary>Reads that were tried again: after EAGAIN or EINTR, commands that the drive left open to be
    /// sent again, and reads by themselves that a bad block had failed together with others.</summary>
    public long Retries { get; init; }

    /// <summary>Bytes that reached slots.</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes in published slots.</summary>
    public long BytesPublished { get; init; }

    /// <summary>Slots that a consumer was given.</summary>
    public long SlotsPublished { get; init; }

    /// <summary>Slots that it gave back.</summary>
    public long SlotsConsumed { get; init; }

    /// <summary>Slots that failed alone (<see cref="IngestOptions.FailedSlotsMax"/>).</summary>
    public long SlotsFailed { get; init; }

    /// <summary>Sources of which every byte was published.</summary>
    public long SourcesCompleted { get; init; }

    /// <summary>Sources that failed or were cancelled, also those that could not be opened or are at their
    /// end with a slot that failed.</summary>
    public long SourcesFailed { get; init; }

    /// <summary>Calls of io_uring_enter(2).</summary>
    public long EnterCalls { get; init; }

    /// <summary>Completed reads that the CPU copied from the page cache.</summary>
    public long Buffered { get; init; }

    /// <summary>Completed reads that the kernel copied through memory of its own.</summary>
    public long BouncedByKernel { get; init; }

    /// <summary>Completed reads of a kind that has no copy by its design.</summary>
    public long ZeroCopyByDesign { get; init; }

    /// <summary>Completed reads of that kind, after a trial read and an independent witness proved
    /// it.</summary>
    public long ProvenZeroCopy { get; init; }

    /// <summary>Throws unless at least one read completed and none of them was copied by the CPU.</summary>
    /// <exception cref="InvalidOperationException">How many were copied, and what to do about it.</exception>
    public void ValidateCompletedZeroCopy()
    {
        if (Buffered + BouncedByKernel > 0)
        {
            throw new InvalidOperationException(
                $"{Buffered + BouncedByKernel} of {ReadsCompleted} completed reads were copied by the CPU "
                + $"({Buffered} from the page cache, {BouncedByKernel} bounced by the kernel): open the "
                + "files with O_DIRECT (DirectIo, --direct) on a filesystem that does direct I/O.");
        }
        if (ReadsCompleted == 0)
        {
            throw new InvalidOperationException("No read has completed, so there is nothing to validate.");
        }
    }
}
