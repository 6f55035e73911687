#nullable enable
using System;

namespace NvmeGpu;

/// <summary>How a ring is to be made. The default value of every property is a working choice.</summary>
readonly partial record struct IoUringOptions
{
    /// <summary>
    /// The largest <see cref="DepthMax"/>: half of the kernel's limit on completion entries.
    /// </summary>
    public const int DepthLimit = 32_768;

    /// <summary>The kernel's limit on entries of the buffer table (IORING_MAX_REG_BUFFERS).</summary>
    public const int BufferTableLimit = 16_384;

    /// <summary>The defaults below.</summary>
    public IoUringOptions()
    {
    }

    /// <summary>Operations in flight at most, 1 to <see cref="DepthLimit"/>.</summary>
    public int DepthMax { get; init; } = 128;

    /// <summary>
    /// Entries of the table of registered buffers, 1 to 16,384. A buffer takes one per GiB begun.
    /// </summary>
    public int BufferTableEntries { get; init; } = 1024;

    /// <summary>Entries of the table of registered files, 1 to 32,768.</summary>
    public int FileTableEntries { get; init; } = 256;

    /// <summary>
    /// A kernel thread polls the submission queue (IORING_SETUP_SQPOLL). It excludes DEFER_TASKRUN.
    /// </summary>
    public bool UseSubmissionPolling { get; init; }

    /// <summary>
    /// After this long without work the polling thread sleeps. Whole milliseconds; 0 means 1 s.
    /// </summary>
    public TimeSpan SubmissionPollingIdle { get; init; }

    /// <summary>
    /// Completions are looked for in the drive's queue instead of waiting for its interrupt
    /// (IORING_SETUP_IOPOLL): less latency for a processor that is always busy. For reads of O_DIRECT files
    /// and NVMe commands on drives whose kernel driver has polled queues (nvme.poll_queues=N); ordinary reads
    /// of other files end with EOPNOTSUPP. Commands have it since Linux 6.1, and are completed by interrupt
    /// where the driver has no such queue.
    /// <para>
    /// <see cref="IoUring.Wait"/> then does not sleep, <see cref="IoUring.TryReap"/> calls the kernel while
    /// something is in flight, and cancelling is refused: what was begun ends by itself. With
    /// <see cref="UseSubmissionPolling"/> the kernel's thread looks for completions too.
    /// </para>
    /// </summary>
    public bool UseCompletionPolling { get; init; }

    /// <summary>
    /// The ring is bound to the thread of its first use, not to the one that creates it
    /// (IORING_SETUP_R_DISABLED).
    /// </summary>
    public bool BindOnFirstUse { get; init; }

    /// <summary>
    /// Submission entries of 128 and completion entries of 32 bytes, as NVMe commands need them
    /// (IORING_SETUP_SQE128 and IORING_SETUP_CQE32, Linux 5.19; commands themselves since 5.19, with
    /// registered memory since 6.1).
    /// </summary>
    public bool UseBigEntries { get; init; }

    /// <summary>
    /// With <see cref="UseBigEntries"/>: where the kernel has rings with entries of both sizes
    /// (IORING_SETUP_SQE_MIXED, Linux 6.19), only commands take big ones. Up to half of
    /// <see cref="DepthLimit"/>.
    /// </summary>
    public bool AllowMixedEntries { get; init; } = true;

    /// <summary>
    /// How long Dispose waits for operations in flight. Afterwards their memory is leaked and reported: a
    /// device or server that never answers must not hang the program. 0 to 1 day. It cannot shorten a read
    /// that the filesystem serves inside io_uring_enter itself (some FUSE filesystems do).
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(DepthMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DepthMax, DepthLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferTableEntries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BufferTableEntries, BufferTableLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(FileTableEntries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FileTableEntries, 32_768);
        ArgumentOutOfRangeException.ThrowIfLessThan(DrainTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DrainTimeout, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(SubmissionPollingIdle, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SubmissionPollingIdle, TimeSpan.FromHours(1));
    }
}
