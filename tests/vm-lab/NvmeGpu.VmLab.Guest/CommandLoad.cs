using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// Many read commands in flight at once by the owned types: some into the memory of another controller, the
/// others into registered host memory. Each completion is matched with its read; what a successful one
/// brought is compared.
/// </summary>
internal sealed class CommandLoad : IDisposable
{
    public const int SliceBytes = 4096;

    private struct Place
    {
        public ReadToken Token;
        public long OffsetBytes;
        public bool IsInFlight;
    }

    private readonly GuestContext _context;
    private readonly NvmeNamespace _source;
    private readonly IoUring _ring;
    private readonly GpuMappedBuffer _host;
    private readonly GpuMappedBuffer _peer;
    private readonly RegisteredMemory _registered;
    private readonly AttachedMemory _attached;
    private readonly Place[] _places;
    private readonly int _peerDepth;
    private readonly int _descriptorsBefore = CountDescriptors();
    private readonly long _leakedBefore = GpuMappedBuffer.LeakedBytes;
    private long _next;
    private int _released;

    /// <param name="context">Where drive and memory are.</param>
    /// <param name="depth">Reads in flight at most.</param>
    /// <param name="peerDepth">Of these into the other controller's memory. With more than one QEMU 7.2 hangs
    /// when the drive's queues are deleted meanwhile: it never ends the cancelling of a transfer that waits
    /// for its one bounce buffer (dma_aio_cancel).</param>
    public CommandLoad(GuestContext context, int depth, int peerDepth)
    {
        _context = context;
        _peerDepth = peerDepth;
        _places = new Place[depth];
        long lengthBytes = (long)depth * SliceBytes;
        _host = Witnessed(GpuMappedBuffer.AllocateHost(lengthBytes));
        _peer = Witnessed(context.AllocatePeer(lengthBytes));
        _source = NvmeNamespace.Open(context.Data.CharPath);
        _ring = IoUring.Create(new IoUringOptions { DepthMax = depth, UseBigEntries = true });
        _registered = _ring.Register(_host);
        _attached = _ring.Attach(_peer);
    }

    public int InFlightCount => _places.Count(place => place.IsInFlight);

    /// <summary>Those into the other controller's memory, which are begun first.</summary>
    public int InFlightPeerCount => _places[.._peerDepth].Count(place => place.IsInFlight);

    public int SucceededCount { get; private set; }

    /// <summary>What failed, as it was said.</summary>
    public List<Completion> Failed { get; } = [];

    /// <summary>How often each error came, for reports.</summary>
    public string Summary => string.Join(
        ", ",
        Failed.GroupBy(one => one.Errno != 0 ? Errno.NameOf(one.Errno) : one.NvmeStatus.ToString())
            .Select(group => $"{group.Count()} {group.Key}").Prepend($"{SucceededCount} right"));

    /// <summary>Begins a read in every place that is free, of one slice after the other.</summary>
    public void Begin(uint timeoutMilliseconds = 0)
    {
        uint blocks = SliceBytes / (uint)_source.LbaBytes;
        long driveBytes = (long)_source.LengthLbas * _source.LbaBytes;
        for (int i = 0; i < _places.Length; i++)
        {
            ref Place place = ref _places[i];
            if (place.IsInFlight)
            {
                continue;
            }
            // In no pattern: what the last read brought would hide that the next one brings nothing.
            DeviceWords.Fill(MemoryOf(i), (long)i * SliceBytes, SliceBytes);
            place.OffsetBytes = _next++ * SliceBytes % driveBytes;
            ulong lba = (ulong)(place.OffsetBytes / _source.LbaBytes);
            long at = (long)i * SliceBytes;
            place.Token = i >= _peerDepth
                ? _ring.Read(_registered.Region(at, SliceBytes), _source, lba, blocks, timeoutMilliseconds)
                : _ring.Read(_attached.Region(at, SliceBytes), _source, lba, blocks, timeoutMilliseconds);
            place.IsInFlight = true;
        }
        _ = _ring.Submit();
    }

    /// <summary>The end of one read, if one ends by then.</summary>
    public bool TryEnd(TimeSpan patience)
    {
        if (!_ring.TryReap(out Completion completion))
        {
            _ = _ring.Wait(1, patience);
            if (!_ring.TryReap(out completion))
            {
                return false;
            }
        }
        int index = Array.FindIndex(
            _places, place => place.IsInFlight && place.Token.Equals(completion.Token));
        Check.That(index >= 0, "a completion came that belongs to no read, or a second one to the same.");
        _places[index].IsInFlight = false;
        if (completion.IsSuccess)
        {
            Compare(index);
            SucceededCount++;
        }
        else
        {
            Failed.Add(completion);
        }
        return true;
    }

    /// <summary>Waits for the end of everything that is in flight.</summary>
    public void EndAll(TimeSpan patience)
    {
        while (InFlightCount > 0)
        {
            Check.That(
                TryEnd(patience), $"{InFlightCount} reads did not end in {patience.TotalSeconds} s.");
        }
        Check.Equal(0, _ring.InFlightCount, "reads that the ring believes in flight");
    }

    /// <summary>
    /// Ends it all: afterwards both memories were given back, none was leaked, and no descriptor is left.
    /// </summary>
    public void Close()
    {
        Dispose();
        Check.Equal(2, _released, "memories that were given back");
        Check.Equal(_leakedBefore, GpuMappedBuffer.LeakedBytes, "bytes that were leaked");
        Check.Equal(_descriptorsBefore, CountDescriptors(), "open descriptors");
    }

    public void Dispose()
    {
        _ring.Dispose();
        _source.Dispose();
        _host.Dispose();
        _peer.Dispose();
    }

    private void Compare(int index)
    {
        // SAFETY: the slice is within its memory, and nothing is in flight on it.
        unsafe
        {
            Check.PatternInDevice(
                MemoryOf(index).Address + (index * SliceBytes), SliceBytes, _places[index].OffsetBytes,
                _context.Seed);
        }
    }

    private GpuMappedBuffer MemoryOf(int index) => index < _peerDepth ? _peer : _host;

    /// <summary>The same memory, counted when the last user lets it go.</summary>
    private GpuMappedBuffer Witnessed(GpuMappedBuffer inner) => new(
        inner.Address, inner.LengthBytes, inner.Kind, inner.Backing, inner.DevicePointer, release: () =>
        {
            _released++;
            inner.Dispose();
        });

    private static int CountDescriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
