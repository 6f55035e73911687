#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// Reads that the consumer asks for: a GPU, or threads of the host, write requests into
/// <see cref="Queue"/>; the loop claims each once, checks it, reads, and answers. The other direction than
/// <see cref="NvmeGpuIngestDriver"/>, which decides itself what to read next.
/// <para>
/// Requests are not trusted. Sources and destinations are named by handles that were given out here; offset,
/// length and alignment are checked in a copy of the entry; a bad request fails alone.
/// </para>
/// <para>
/// Threads: <see cref="Run"/> and <see cref="PollRequests"/> on one thread, which the loop belongs to from
/// the first of these calls on; before it, sources and destinations may be added on any one thread,
/// afterwards on that one.
/// </para>
/// </summary>
/// <example>
/// <code>
///   using var loop = MegakernelIoLoop.Open(new MegakernelIoLoopOptions());
///   uint weights = loop.AddFile("model.bin");
///   RegisteredMemory memory = loop.Register(buffer);
///   uint tile = loop.AddDestination(memory.Region(0, 1 &lt;&lt; 20));
///   loop.Run(cancel);                       // and elsewhere:
///   loop.Queue.Post(0, new MegakernelRequest(weights, tile, offset, 1 &lt;&lt; 20, tag));
/// </code>
/// </example>
sealed partial class MegakernelIoLoop : IDisposable
{
    /// <summary>The most destinations.</summary>
    public const int DestinationLimit = 65_536;

    /// <summary>How often one request's reads are tried again after EAGAIN or EINTR.</summary>
    public const int RetriesMax = 100;

    private const int SpinsMax = 200;
    private const int YieldsMax = 200;
    private const int SleepMilliseconds = 1;

    private static readonly TimeSpan s_shortWait = TimeSpan.FromMicroseconds(200);

    /// <summary>A request that was claimed and not answered.</summary>
    private struct Claimed
    {
        public bool IsInFlight;
        public int Source;
        public RegisteredRegion Into;
        public long OffsetBytes;
        public uint AskedBytes;
        public uint DoneBytes;
        public int Retries;
    }

    private readonly IoUring _ring;
    private readonly List<RequestSource> _sources = [];
    private readonly List<RegisteredRegion> _destinations = [];
    private readonly Claimed[] _claimed;
    private readonly int[] _entryOfOperation;
    private readonly bool _isDirect;
    private readonly int _sourceCountMax;
    private int _nextEntry; // where the next look begins, so that no entry starves
    private int _inFlightCount;
    private bool _isEnding;

    private MegakernelIoLoop(in MegakernelIoLoopOptions options, IoUring ring, MegakernelRequestQueue queue)
    {
        _ring = ring;
        Queue = queue;
        _isDirect = options.DirectIo;
        _sourceCountMax = options.SourceCountMax;
        _claimed = new Claimed[queue.Capacity];
        _entryOfOperation = new int[options.DepthMax];
    }

    /// <summary>Where requests are written.</summary>
    public MegakernelRequestQueue Queue { get; }

    /// <summary>Requests that were answered with their bytes.</summary>
    public long DoneCount { get; private set; }

    /// <summary>Requests that were answered with an error.</summary>
    public long FailedCount { get; private set; }

    /// <summary>Bytes of the requests that were answered with them.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Makes the ring and the queue.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="IoUringException">The kernel refused.</exception>
    public static MegakernelIoLoop Open(in MegakernelIoLoopOptions options)
    {
        options.Validate();
        var ring = IoUring.Create(new IoUringOptions
        {
            DepthMax = options.DepthMax,
            BindOnFirstUse = true,
            UseBigEntries = options.UseCommands,
            FileTableEntries = options.SourceCountMax,
        });
        try
        {
            return new MegakernelIoLoop(
                options, ring,
                new MegakernelRequestQueue(options.EntryCount, options.Memory ?? HostMemoryProvider.Shared));
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>Registers memory that destinations are to be pieces of.</summary>
    /// <inheritdoc cref="IoUring.Register(GpuMappedBuffer)" path="/exception"/>
    public RegisteredMemory Register(GpuMappedBuffer buffer) => _ring.Register(buffer);

    /// <summary>Opens a file, so that requests can name it.</summary>
    /// <returns>Its handle.</returns>
    /// <exception cref="IngestException">It cannot be opened or read by offset.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are <see cref="MegakernelIoLoopOptions.SourceCountMax"/> sources, or wrong thread.
    /// </exception>
    /// <exception cref="IoUringException">The kernel refused to register it.</exception>
    public uint AddFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ThrowIfFull(_sources.Count, _sourceCountMax, "sources");
        SourceFile opened = SourceFile.Open(path, null, _isDirect);
        using (opened.Handle)
        {
            return Add(RequestSource.Of(_ring.Register(opened.Handle), opened));
        }
    }

    /// <summary>
    /// Lets requests name a namespace, which the loop does not own: dispose it after the loop.
    /// </summary>
    /// <returns>Its handle.</returns>
    /// <exception cref="ArgumentException">It keeps its metadata apart from the data.</exception>
    /// <exception cref="InvalidOperationException">
    /// The loop was opened without <see cref="MegakernelIoLoopOptions.UseCommands"/>, there are
    /// <see cref="MegakernelIoLoopOptions.SourceCountMax"/> sources, or wrong thread.
    /// </exception>
    /// <exception cref="IoUringException">The kernel refused to register it.</exception>
    public uint AddNamespace(NvmeNamespace source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ThrowIfFull(_sources.Count, _sourceCountMax, "sources");
        if (!_ring.HasBigEntries)
        {
            throw new InvalidOperationException(
                "The loop's ring takes no NVMe commands: open it with MegakernelIoLoopOptions.UseCommands.");
        }
        if (source.IsMetadataSeparate)
        {
            throw new ArgumentException(
                $"{source.DevicePath} keeps metadata apart from its data, and requests have no place for it.",
                nameof(source));
        }
        _ring.Register(source);
        return Add(RequestSource.Of(source));
    }

    /// <summary>Lets requests name a piece of memory that was registered with this loop.</summary>
    /// <returns>Its handle.</returns>
    /// <exception cref="InvalidOperationException">
    /// It is of another ring's memory, or there are <see cref="DestinationLimit"/> destinations.
    /// </exception>
    public uint AddDestination(in RegisteredRegion region)
    {
        ThrowIfFull(_destinations.Count, DestinationLimit, "destinations");
        if (region.Memory is not { } memory || memory.Ring != _ring)
        {
            throw new InvalidOperationException("The region is not of memory registered with this loop.");
        }
        _destinations.Add(region);
        return (uint)_destinations.Count - 1;
    }

    /// <summary>
    /// Goes on with everything that can go on without waiting: claims requests, reads, answers. For callers
    /// with a loop of their own; <see cref="Run"/> is one that rests when there is nothing to do.
    /// </summary>
    /// <returns>Requests that were claimed or answered.</returns>
    /// <exception cref="IoUringException">The ring itself failed: dispose the loop.</exception>
    public int PollRequests()
    {
        _ring.EnsureUsable();
        int progress = _isEnding ? 0 : Claim();
        if (_inFlightCount > 0)
        {
            _ = _ring.Submit(); // what it leaves, the next call submits
            while (_ring.TryReap(out Completion completion))
            {
                progress += OnCompletion(completion);
            }
        }
        return progress;
    }

    /// <summary>
    /// Serves requests until it is cancelled, and then those that it has claimed. Without work it spins for
    /// some microseconds, then yields, then sleeps: requests of host threads wake it, those of a GPU are seen
    /// within a millisecond or two.
    /// </summary>
    /// <exception cref="IoUringException">The ring itself failed: dispose the loop.</exception>
    public void Run(CancellationToken cancel)
    {
        using CancellationTokenRegistration waker = cancel.Register(Queue.RequestedBell.Ring);
        for (int idleRounds = 0; !cancel.IsCancellationRequested;)
        {
            idleRounds = PollRequests() > 0 ? 0 : Rest(idleRounds, cancel);
        }
        Finish();
    }

    /// <summary>
    /// Waits for the reads in flight, each for its own completion, and releases ring and queue. What has no
    /// answer then gets none: end <see cref="Run"/> first, which answers everything. On the loop's thread, or
    /// when that has ended.
    /// </summary>
    [Completes, Releases]
    public void Dispose()
    {
        try
        {
            _ring.Dispose(); // waits for each read's own completion
        }
        finally
        {
            Queue.Dispose();
        }
    }

    private uint Add(in RequestSource source)
    {
        _sources.Add(source);
        return (uint)_sources.Count - 1;
    }

    private static void ThrowIfFull(int count, int limit, string what)
    {
        if (count >= limit)
        {
            throw new InvalidOperationException($"The loop has {limit} {what}, the most that it can.");
        }
    }

    /// <summary>One look at every entry, for as long as the ring has room.</summary>
    private int Claim()
    {
        int claimed = 0;
        for (int i = 0; i < _claimed.Length && _ring.InFlightCount < _ring.DepthMax; i++)
        {
            int entry = _nextEntry;
            _nextEntry = entry + 1 == _claimed.Length ? 0 : entry + 1;
            if (_claimed[entry].IsInFlight || !Queue.TryClaim(entry, out MegakernelSlot words))
            {
                continue;
            }
            claimed++;
            MegakernelRequestError error = Check(words);
            if (error != MegakernelRequestError.None)
            {
                Answer(entry, (uint)error);
                continue;
            }
            _claimed[entry] = new Claimed
            {
                IsInFlight = true,
                Source = (int)words.Source,
                Into = _destinations[(int)words.Destination],
                OffsetBytes = OffsetOf(words),
                AskedBytes = words.ByteCount,
            };
            _inFlightCount++;
            Begin(entry);
        }
        return claimed;
    }

    /// <summary>Everything that must be true of a request. Looks at the copy only.</summary>
    private MegakernelRequestError Check(in MegakernelSlot words)
    {
        if (words.Operation != MegakernelRequestQueue.ReadOperation)
        {
            return MegakernelRequestError.UnknownOperation;
        }
        if (words.Source >= (uint)_sources.Count || _sources[(int)words.Source].IsGone)
        {
            return MegakernelRequestError.UnknownSource;
        }
        if (words.Destination >= (uint)_destinations.Count
            || _destinations[(int)words.Destination].Memory.IsReleased)
        {
            return MegakernelRequestError.UnknownDestination;
        }
        RequestSource source = _sources[(int)words.Source];
        RegisteredRegion into = _destinations[(int)words.Destination];
        if (words.ByteCount > into.LengthBytes)
        {
            return MegakernelRequestError.OutsideDestination;
        }
        long offset = OffsetOf(words);
        if (words.ByteCount == 0 || offset < 0 || offset > source.LengthBytes - words.ByteCount)
        {
            return MegakernelRequestError.OutsideSource;
        }
        bool isTail = offset + words.ByteCount == source.LengthBytes && source.Namespace is null;
        return offset % source.AlignmentBytes != 0 || into.Address % source.AddressAlignmentBytes != 0
            || (words.ByteCount % source.AlignmentBytes != 0
                && !(isTail && source.RoundUp(words.ByteCount) <= into.LengthBytes))
            ? MegakernelRequestError.Misaligned
            : MegakernelRequestError.None;
    }

    private static long OffsetOf(in MegakernelSlot words) =>
        unchecked((long)(((ulong)words.OffsetHigh << 32) | words.OffsetLow));

    /// <summary>Begins the next read of a claimed request; the ring has room.</summary>
    private void Begin(int entry)
    {
        ref Claimed claimed = ref _claimed[entry];
        RequestSource source = _sources[claimed.Source];
        int bytes = (int)Math.Min(
            source.RoundUp(claimed.AskedBytes - claimed.DoneBytes), source.ReadBytesMax);
        RegisteredRegion into = claimed.Into.Slice(claimed.DoneBytes, bytes);
        long offset = claimed.OffsetBytes + claimed.DoneBytes;
        ReadToken token = source.Namespace is { } drive
            ? _ring.Read(into, drive, (ulong)(offset / drive.LbaBytes), (uint)(bytes / drive.LbaBytes))
            : _ring.Read(into, source.File, offset);
        _entryOfOperation[token.Index] = entry;
    }

    /// <summary>Returns how many requests were answered: 1, or 0 when the read goes on.</summary>
    private int OnCompletion(in Completion completion)
    {
        int entry = _entryOfOperation[completion.Token.Index];
        ref Claimed claimed = ref _claimed[entry];
        Debug.Assert(claimed.IsInFlight);
        uint error = 0;
        if (!completion.IsSuccess)
        {
            bool isTransient = completion.Errno is Libc.EAGAIN or Libc.EINTR;
            error = isTransient && claimed.Retries++ < RetriesMax ? 0
                : completion.Errno != 0 ? (uint)MegakernelRequestError.Errno + (uint)completion.Errno
                : (uint)MegakernelRequestError.Nvme + completion.NvmeStatus.Value;
        }
        else if (completion.ByteCount == 0)
        {
            error = (uint)MegakernelRequestError.SourceEnded;
        }
        else
        {
            claimed.DoneBytes += (uint)completion.ByteCount;
        }
        if (error == 0 && claimed.DoneBytes < claimed.AskedBytes)
        {
            if (claimed.Into.Memory.IsReleased || _sources[claimed.Source].IsGone)
            {
                error = (uint)MegakernelRequestError.Ended; // its caller released it meanwhile
            }
            else if (claimed.DoneBytes % _sources[claimed.Source].AlignmentBytes == 0)
            {
                Begin(entry);
                return 0;
            }
            else
            {
                error = (uint)MegakernelRequestError.SourceEnded; // a direct read is short at the end only
            }
        }
        claimed.IsInFlight = false;
        _inFlightCount--;
        Answer(entry, error);
        return 1;
    }

    private void Answer(int entry, uint error)
    {
        if (error == 0)
        {
            DoneCount++;
            ByteCount += _claimed[entry].AskedBytes;
        }
        else
        {
            FailedCount++;
        }
        Queue.Answer(entry, error);
    }

    /// <summary>Nothing to do: waits longer each time. Returns how often it was so.</summary>
    private int Rest(int idleRounds, CancellationToken cancel)
    {
        if (idleRounds < SpinsMax)
        {
            Thread.SpinWait(20);
        }
        else if (idleRounds < SpinsMax + YieldsMax)
        {
            Thread.Yield();
        }
        else if (_inFlightCount > 0)
        {
            _ = _ring.Wait(1, s_shortWait);
            return idleRounds;
        }
        else
        {
            int ticket = Queue.RequestedBell.BeginSleep();
            try
            {
                if (PollRequests() == 0 && !cancel.IsCancellationRequested)
                {
                    Queue.RequestedBell.Sleep(ticket, SleepMilliseconds);
                }
            }
            finally
            {
                Queue.RequestedBell.EndSleep();
            }
            return idleRounds;
        }
        return idleRounds + 1;
    }

    /// <summary>No more claims: the reads in flight end, and what was not claimed fails.</summary>
    private void Finish()
    {
        _isEnding = true;
        while (_inFlightCount > 0)
        {
            _ = _ring.Wait(1, Timeout.InfiniteTimeSpan);
            _ = PollRequests();
        }
        for (int entry = 0; entry < _claimed.Length; entry++)
        {
            if (Queue.TryClaim(entry, out _))
            {
                Answer(entry, (uint)MegakernelRequestError.Ended);
            }
        }
        _isEnding = false;
    }
}
