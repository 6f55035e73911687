#nullable enable
using System;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// Reads files, or ranges of an NVMe namespace's blocks, into slots that a GPU can see, publishes each slot
/// when its bytes are complete, and reuses it when its consumer is done:
/// <code>
///   source -> SQE -> kernel/device DMA -> CQE -> slot published -> megakernel consumes -> slot free
/// </code>
/// Three ways to use it; the first two share a driver, the third wants one of its own:
/// <list type="bullet">
/// <item><see cref="Ingest"/>: everything in one call, with a <see cref="HostMegakernel"/> on
/// <see cref="Queue"/>.</item>
/// <item><see cref="ReadAllAsync"/>: slot by slot, with <c>await foreach</c>.</item>
/// <item><see cref="SubmitFile"/> or <see cref="SubmitNativeNvmeRead"/>, <see cref="PollCompletions"/>,
/// <see cref="WaitForProgress"/>,
/// <see cref="Release"/>: a loop of the caller's own, on one thread.</item>
/// </list>
/// <para>
/// Threads: Ingest and ReadAllAsync may be called from any thread, one at a time, and read on a thread of the
/// driver's own. With the third way the driver belongs to the thread that uses it first.
/// </para>
/// </summary>
sealed partial class NvmeGpuIngestDriver : IDisposable
{
    /// <summary>Sources that may be open at once; <see cref="SubmitFile"/> refuses more.</summary>
    public const int OpenSourcesMax = 128;

    /// <summary>How often one read of a file is tried again after EAGAIN or EINTR.</summary>
    public const int RetriesMax = 1000;

    private const int SlotCountDefault = 32;

    private readonly IoUring _ring;
    private readonly GpuMappedBuffer _slotMemory;
    private readonly SlotRegions _regions;
    private readonly int _slotSizeBytes;
    private readonly int _depthMax;
    private GpuDirectCapability? _capability;
    private int _isDisposed;

    private NvmeGpuIngestDriver(
        in IngestOptions options, IoUring ring, GpuMappedBuffer slotMemory, in SlotRegions regions,
        SlotLayout layout, IPeerMemoryProvider memory, SlotTrial trial, CompletionChange? change)
    {
        _trial = trial;
        _change = change;
        _slotOffsets = layout.Offsets;
        _ring = ring;
        _slotMemory = slotMemory;
        _regions = regions;
        _slotSizeBytes = options.SlotSizeBytes;
        _depthMax = Math.Min(options.DepthMax, layout.Count);
        _publishInOrder = options.PublishInOrder;
        _failedSlotsMax = options.FailedSlotsMax;
        _isDirect = options.DirectIo;
        Queue = new MegakernelIoQueue(slotMemory, layout.Offsets, options.SlotSizeBytes, memory);
        _slots = new Slot[layout.Count];
        _freeSlots = new int[layout.Count];
        _slotOfOperation = new int[ring.DepthMax];
        _order = new int[layout.Count];
        _slotAtPosition = new int[Queue.Capacity];
        _delayed = new int[layout.Count];
        for (int i = 0; i < layout.Count; i++)
        {
            _freeSlots[i] = layout.Count - 1 - i;
        }
        _freeSlotCount = layout.Count;
        for (int i = 0; i < OpenSourcesMax; i++)
        {
            _sources[i] = new OpenSource();
        }
        _allSources = [.. _sources];
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
    /// <exception cref="NotSupportedException">The path that was asked for is not there, or does not read
    /// into such memory; the reason says why.</exception>
    /// <exception cref="IoUringException">The kernel refused: io_uring is forbidden, or the locked-memory
    /// limit is too small.</exception>
    public static NvmeGpuIngestDriver Open(in IngestOptions options) => Open(options, TryForReal);

    /// <summary>The same with other trial reads and results of reads: for tests.</summary>
    internal static NvmeGpuIngestDriver Open(
        in IngestOptions options, SlotTrial trial, CompletionChange? change = null)
    {
        options.Validate();
        ReadPathPlan plan = ReadPathChoice.Plan(options);
        try
        {
            return Open(options, plan, trial, change);
        }
        catch (IoUringException e) when (plan.MayFallBack && e.Errno == Libc.ENOMEM)
        {
            return Open(
                options, ReadPathChoice.WithoutRoom(plan, options.ReadPath, e.Message), trial, change);
        }
    }

    private static NvmeGpuIngestDriver Open(
        in IngestOptions options, in ReadPathPlan plan, SlotTrial trial, CompletionChange? change)
    {
        NativeReadPath path = plan.Path;
        // Through the page cache the processor would copy every byte across the bus.
        bool isDirect = options.DirectIo || path == NativeReadPath.PeerDirectFileRead;
        int depth = options.SlotCount > 0 ? Math.Min(options.DepthMax, options.SlotCount) : options.DepthMax;

        IoUring ring = IoUring.Create(new IoUringOptions
        {
            DepthMax = depth,
            FileTableEntries = OpenSourcesMax,
            BindOnFirstUse = true,
            UseBigEntries = path == NativeReadPath.GpuDirectNvmePassthrough,
            UseSubmissionPolling = options.UseSubmissionPolling,
            UseCompletionPolling = options.UseCompletionPolling,
        });
        GpuMappedBuffer? buffer = null;
        try
        {
            (buffer, SlotRegions regions, SlotLayout layout, string why) = SlotLayout.Allocate(
                options.SlotCount, SlotCountDefault, options.SlotSizeBytes, plan.Memory, ring, path);
            return new NvmeGpuIngestDriver(
                options with { DirectIo = isDirect }, ring, buffer, regions, layout, plan.Memory, trial,
                change)
            {
                ReadPath = path,
                ReadPathReason =
                    plan.Reason ?? ReadPathChoice.ReasonOf(options.ReadPath, path, buffer.Kind),
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
    /// Cancels what is in flight, waits for every read's own completion, and frees the slots: what a
    /// megakernel or a loop still looks at stays mapped until it lets go. From any thread; a driver that is
    /// polled by its owner is disposed by that thread's current or next call.
    /// </summary>
    /// <exception cref="TimeoutException">
    /// Polled by another thread, which did not call the driver any more and has not ended. Dispose may be
    /// called again.
    /// </exception>
    /// <exception cref="InvalidOperationException">Called by the driver's own callback, which it would wait
    /// for.</exception>
    [Completes, Releases]
    public void Dispose()
    {
        if (Thread.CurrentThread == _pump)
        {
            throw new InvalidOperationException(
                "A driver cannot be disposed by its own callback, which it would wait for: cancel the ingest "
                + "instead.");
        }
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }
        try
        {
            if (!StopPump())
            {
                _ring.Dispose();
            }
        }
        catch
        {
            Volatile.Write(ref _isDisposed, 0);
            throw;
        }
        // The ring is drained and refuses every call: nothing writes into the slots, nobody gets at them
        // through us.
        Queue.Dispose();
        _copy?.Dispose();
        foreach (OpenSource source in _allSources)
        {
            source.Handle?.Dispose();
        }
        _drives.ForEach(drive => drive.Source.Dispose());
        _slotMemory.Dispose();
    }
}
