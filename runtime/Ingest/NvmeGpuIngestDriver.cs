#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// Reads files into registered slots that a GPU can see, publishes each slot when its bytes are complete, and reuses it when
/// its consumer is done:
/// <code>
///   source -> SQE -> kernel/device DMA -> CQE -> slot published -> megakernel consumes -> slot free
/// </code>
/// Three ways to use it, one at a time:
/// <list type="bullet">
/// <item><see cref="Ingest"/>: everything in one call, with a <see cref="HostMegakernel"/> on <see cref="Queue"/>.</item>
/// <item><see cref="SubmitFile"/>, <see cref="PollCompletions"/>, <see cref="WaitForProgress"/>, <see cref="Release"/>: a loop of
/// the caller's own.</item>
/// <item><see cref="ReadAllAsync"/>: slot by slot, with <c>await foreach</c>.</item>
/// </list>
/// <para>
/// Threads: the driver belongs to the thread of its first use (for ReadAllAsync a thread of its own). Dispose cancels,
/// waits for every read's own completion, and only then frees the slots.
/// </para>
/// </summary>
sealed partial class NvmeGpuIngestDriver : IDisposable
{
    /// <summary>Sources that may be open at once; <see cref="SubmitFile"/> refuses more.</summary>
    public const int OpenSourcesMax = 128;

    /// <summary>How often one read is tried again after EAGAIN or EINTR.</summary>
    public const int RetriesMax = 1000;

    private const int SlotCountDefault = 32;

    private readonly IoUring _ring;
    private readonly GpuMappedBuffer _slotMemory;
    private readonly RegisteredMemory _registered;
    private readonly RegisteredRegion[] _regions;
    private readonly int _slotSizeBytes;
    private readonly int _depthMax;
    private GpuDirectCapability? _capability;
    private bool _isDisposed;

    private NvmeGpuIngestDriver(
        in IngestOptions options, IoUring ring, GpuMappedBuffer slotMemory, RegisteredMemory registered,
        SlotLayout layout, IPeerMemoryProvider memory)
    {
        _ring = ring;
        _slotMemory = slotMemory;
        _registered = registered;
        _slotSizeBytes = options.SlotSizeBytes;
        _depthMax = Math.Min(options.DepthMax, layout.Count);
        _publishInOrder = options.PublishInOrder;
        _isDirect = options.DirectIo;
        _regions = new RegisteredRegion[layout.Count];
        for (int i = 0; i < layout.Count; i++)
        {
            _regions[i] = registered.Region(layout.Offsets[i], options.SlotSizeBytes);
        }
        Queue = new MegakernelIoQueue(slotMemory, layout.Offsets, memory);
        _slots = new Slot[layout.Count];
        _freeSlots = new int[layout.Count];
        _slotOfOperation = new int[ring.DepthMax];
        _order = new int[layout.Count];
        _slotAtPosition = new int[Queue.Capacity];
        for (int i = 0; i < layout.Count; i++)
        {
            _freeSlots[i] = layout.Count - 1 - i;
        }
        _freeSlotCount = layout.Count;
        for (int i = 0; i < OpenSourcesMax; i++)
        {
            _sources[i] = new OpenSource();
        }
    }

    /// <summary>The path that reads take.</summary>
    public NativeReadPath ReadPath { get; private init; }

    /// <summary>Why that path, in one sentence.</summary>
    public string ReadPathReason { get; private init; } = "";

    /// <summary>Number of slots.</summary>
    public int SlotCount => _slots.Length;

    /// <summary>Why that many, in one sentence.</summary>
    public string SlotCountReason { get; private init; } = "";

    /// <summary>Bytes per slot.</summary>
    public int SlotSizeBytes => _slotSizeBytes;

    /// <summary>Reads in flight at most.</summary>
    public int DepthMax => _depthMax;

    /// <summary>What this machine can do, probed at the first look.</summary>
    public GpuDirectCapability Capability => _capability ??= GpuDirectCapability.Probe();

    /// <summary>What the ring asked of the kernel and what it got.</summary>
    public IoUringFeatures Features => _ring.Features;

    /// <summary>The memory that the slots are in: its kind and pages.</summary>
    public GpuMappedBuffer SlotMemory => _slotMemory;

    /// <summary>Where slots are published; a <see cref="HostMegakernel"/> attaches here.</summary>
    public MegakernelIoQueue Queue { get; }

    /// <summary>The counters now.</summary>
    public NvmeGpuIngestTelemetry Telemetry => _counts.Snapshot(_ring.EnterCount);

    /// <summary>Opens a driver: chooses the path, allocates and registers the slots.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="NotSupportedException">The path that was asked for is not there; the reason says why.</exception>
    /// <exception cref="IoUringException">The kernel refused: io_uring is forbidden, or the locked-memory limit is too small.</exception>
    public static NvmeGpuIngestDriver Open(in IngestOptions options)
    {
        options.Validate();
        (NativeReadPath path, string reason) = ReadPathChoice.Choose(options.ReadPath);
        IPeerMemoryProvider memory = options.Memory ?? HostMemoryProvider.Shared;
        int depth = options.SlotCount > 0 ? Math.Min(options.DepthMax, options.SlotCount) : options.DepthMax;

        IoUring ring = IoUring.Create(new IoUringOptions
        {
            DepthMax = depth,
            FileTableEntries = OpenSourcesMax,
            BindOnFirstUse = true,
        });
        GpuMappedBuffer? buffer = null;
        try
        {
            (buffer, RegisteredMemory registered, SlotLayout layout, string why) =
                SlotLayout.Allocate(options.SlotCount, SlotCountDefault, options.SlotSizeBytes, memory, ring);
            return new NvmeGpuIngestDriver(options, ring, buffer, registered, layout, memory)
            {
                ReadPath = path,
                ReadPathReason = reason,
                SlotCountReason = why,
            };
        }
        catch
        {
            ring.Dispose();
            buffer?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads everything, and returns when the last slot was consumed. A source that fails is reported and does not end the
    /// others.
    /// </summary>
    /// <param name="source">What to read.</param>
    /// <param name="onCompleted">Called on this thread for each published slot and each failed source; may be null.</param>
    /// <param name="cancel">Cancels reads, waits for them, tells the consumer, then throws.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the telemetry says how far it got.</exception>
    /// <exception cref="InvalidOperationException">
    /// Nobody consumes <see cref="Queue"/>, or the consumer threw: its exception is the inner one.
    /// </exception>
    public void Ingest(
        IngestSource source, Action<CompletedIngest>? onCompleted = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!Queue.IsConsumed)
        {
            throw new InvalidOperationException(
                "Nobody consumes the slots, so this would wait for ever: make a HostMegakernel on the driver's Queue first.");
        }
        RunToEnd(source, onCompleted, cancel);
    }

    /// <summary>
    /// Cancels what is in flight, waits for every read's own completion, and frees the slots: what was published stays
    /// readable until its megakernel was disposed.
    /// </summary>
    [Completes]
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        StopPump();
        Queue.Dispose();
        _ring.Dispose(); // drains, so that nothing writes into the slots any more
        _slotMemory.Dispose();
    }

    private void RunToEnd(IngestSource source, Action<CompletedIngest>? onCompleted, CancellationToken cancel)
    {
        using IEnumerator<IngestItem> items = source.GetEnumerator();
        bool isAtEnd = false;
        var completed = new CompletedIngest[Math.Min(SlotCount, 64)];
        bool isCancelled = false;
        while (true)
        {
            if (!isCancelled && cancel.IsCancellationRequested)
            {
                isCancelled = true;
                CancelAll();
            }
            while (!isCancelled && !isAtEnd && CanSubmit)
            {
                isAtEnd = !items.MoveNext();
                if (!isAtEnd && TrySubmit(items.Current) is { } failure)
                {
                    onCompleted?.Invoke(failure);
                }
            }
            int count = PollCompletions(completed);
            for (int i = 0; i < count; i++)
            {
                onCompleted?.Invoke(completed[i]);
                completed[i] = default;
            }
            if (IsIdle && (isCancelled || isAtEnd))
            {
                break;
            }
            if (count == 0)
            {
                WaitForProgress(TimeSpan.FromMilliseconds(100));
            }
        }
        if (isCancelled)
        {
            throw new OperationCanceledException("The ingest was cancelled.", cancel);
        }
    }
}
