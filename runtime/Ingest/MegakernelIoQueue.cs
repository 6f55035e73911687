#nullable enable
using System;
using System.Diagnostics;
using System.Numerics;
using System.Threading;

namespace NvmeGpu;

/// <summary>
/// The queue between the driver and whoever consumes: a ring of 32-byte entries in memory that the GPU maps.
/// The driver publishes at positions 0, 1, 2, ...; position p stands in entry p modulo
/// <see cref="Capacity"/>. A consumer claims a position (with a counter of the consumers' own, never with a
/// word shared across the bus), waits until that entry is published with that position as its tag, looks at
/// the slot's bytes, and marks the entry consumed.
/// <para>
/// Memory order. Driver: slot bytes and entry words, then release stores of the tag and of Published.
/// Consumer: acquire loads of the tag and then of Published, then entry words and slot bytes; after its last
/// look a release store of Consumed. Driver: an acquire load of Consumed, then the entry is Free and the slot
/// is reused. The tag comes first, because a Published that was read before it may be that of the round
/// before. Nothing here is a compare-and-swap, which is not atomic over PCIe on most machines.
/// </para>
/// <para>Threads: the driver's side on the driver's thread, the consumer's side on any thread.</para>
/// </summary>
sealed partial class MegakernelIoQueue : IDisposable
{
    private readonly GpuMappedBuffer _entries;
    private readonly GpuMappedBuffer _slots;
    private readonly long[] _slotOffsets;
    private readonly int _slotSizeBytes;
    private readonly uint _mask;
    private int _attachment; // 0: never consumed, 1: a consumer is attached, 2: it has left
    private volatile bool _hasPublished;
    private Exception? _fault;
    private volatile bool _isStopped;

    /// <param name="slots">The memory that all slots are in; not owned.</param>
    /// <param name="slotOffsets">Where in it each slot begins.</param>
    /// <param name="slotSizeBytes">Bytes of each.</param>
    /// <param name="memory">Where the queue's own entries come from; host memory when the slots are another
    /// device's, whose memory the CPU does not load from.</param>
    internal MegakernelIoQueue(
        GpuMappedBuffer slots, long[] slotOffsets, int slotSizeBytes, IPeerMemoryProvider memory)
    {
        _slots = slots;
        _slotOffsets = slotOffsets;
        _slotSizeBytes = slotSizeBytes;
        // Every slot can be published at once, and every open source can be abandoned beside that.
        Capacity = (int)BitOperations.RoundUpToPowerOf2(
            (uint)(slotOffsets.Length + NvmeGpuIngestDriver.OpenSourcesMax));
        _mask = (uint)Capacity - 1;
        IPeerMemoryProvider provider = IsPeerMemory ? HostMemoryProvider.Shared : memory;
        _entries = provider.Allocate((long)Capacity * MegakernelSlot.SizeBytes);
        // SAFETY: the buffer was just allocated and nobody else knows it. Providers need not hand out zeroes.
        unsafe
        {
            new Span<byte>((void*)_entries.Address, Capacity * MegakernelSlot.SizeBytes).Clear();
        }
    }

    /// <summary>Entries, a power of two.</summary>
    public int Capacity { get; }

    /// <summary>The memory of the entries, for a consumer that is no host thread.</summary>
    internal GpuMappedBuffer Entries => _entries;

    /// <summary>A consumer is attached.</summary>
    public bool IsConsumed => Volatile.Read(ref _attachment) == 1;

    /// <summary>The consumer has left: what is published stays so.</summary>
    internal bool IsDeserted => Volatile.Read(ref _attachment) == 2;

    /// <summary>The slots are memory that the CPU does not load from.</summary>
    internal bool IsPeerMemory => _slots.Kind != PeerMemoryKind.HostMapped;

    /// <summary>Nothing more will be published; consumers end at the next position that is not.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>What a consumer failed with; null while none has.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>Rung when an entry was published, and at the stop.</summary>
    internal Doorbell PublishedBell { get; } = new();

    /// <summary>Rung when an entry was consumed, and at a fault.</summary>
    internal Doorbell ConsumedBell { get; } = new();

    /// <summary>Consumer: the entry at that position, if it is published.</summary>
    internal bool TryAcquire(uint position, out MegakernelSlot slot)
    {
        // SAFETY: masked index; who calls this keeps the buffer mapped: attached consumers and enumerations
        // by BeginUse, the driver because it disposes the queue after its ring, which refuses every later
        // call.
        unsafe
        {
            MegakernelSlot* entry = EntryOf(position);
            // The tag before the status, both acquire, pairing with the releases in Publish: who sees the tag
            // of this round sees the status that it began with, or a later one, so a Published is not that
            // of the round before. After it the other words and the slot's bytes are visible.
            if (Volatile.Read(ref *TagOf(entry)) != position
                || Volatile.Read(ref *StatusOf(entry)) != (uint)MegakernelSlotStatus.Published)
            {
                slot = default;
                return false;
            }
            slot = *entry;
            return true;
        }
    }

    /// <summary>Consumer: done with the bytes of the entry that it acquired.</summary>
    internal void Complete(uint position)
    {
        // SAFETY: as in TryAcquire.
        unsafe
        {
            // Release, pairs with the acquire in IsCompleted: our loads of the slot's bytes are over before
            // the reuse.
            Volatile.Write(ref *StatusOf(EntryOf(position)), (uint)MegakernelSlotStatus.Consumed);
        }
        ConsumedBell.Ring();
    }

    /// <summary>
    /// The published bytes of an entry that was acquired, or that the driver handed to its caller.
    /// </summary>
    /// <remarks>
    /// Valid until <see cref="Complete"/>, of peer memory until the next copy. Host memory is looked at
    /// where it is; of another device's memory the kernel makes a copy.
    /// </remarks>
    /// <param name="slot">Which.</param>
    /// <param name="byteCount">Bytes that were published.</param>
    /// <param name="copy">From <see cref="CreateCopy"/>, each thread its own.</param>
    /// <exception cref="System.IO.IOException">The device whose memory it is has gone.</exception>
    internal ReadOnlySpan<byte> BytesOf(int slot, int byteCount, PeerMemoryCopy? copy)
    {
        if (IsPeerMemory)
        {
            return copy!.Of(_slots.Address + (nint)_slotOffsets[slot], byteCount);
        }
        // SAFETY: the driver published byteCount bytes at most of that slot, inside the buffer.
        unsafe
        {
            return new ReadOnlySpan<byte>((byte*)_slots.Address + _slotOffsets[slot], byteCount);
        }
    }

    /// <summary>What a thread needs to look at bytes; null when it can do so directly.</summary>
    internal PeerMemoryCopy? CreateCopy() => IsPeerMemory ? new PeerMemoryCopy(_slotSizeBytes) : null;

    /// <summary>
    /// Consumer: takes part, from position 0 on; both buffers stay mapped until <see cref="Detach"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Too late, or not the first.</exception>
    internal void Attach()
    {
        if (_isStopped)
        {
            throw new InvalidOperationException("The queue was stopped: its driver is disposed.");
        }
        if (_hasPublished || Interlocked.CompareExchange(ref _attachment, 1, 0) != 0)
        {
            throw new InvalidOperationException(
                "A queue is consumed by one megakernel, which must be there before the first slot is "
                + "published.");
        }
        BeginUse();
    }

    internal void Detach()
    {
        Volatile.Write(ref _attachment, 2);
        EndUse();
        ConsumedBell.Ring();
    }

    /// <summary>
    /// Entries and slots stay mapped until <see cref="EndUse"/>, also when the driver is disposed.
    /// </summary>
    internal void BeginUse()
    {
        _entries.BeginUse();
        try
        {
            _slots.BeginUse();
        }
        catch
        {
            _entries.EndUse(); // the driver was disposed between the two
            throw;
        }
    }

    internal void EndUse()
    {
        _slots.EndUse();
        _entries.EndUse();
    }

    /// <summary>Consumer: it failed and consumes no more.</summary>
    internal void SetFault(Exception fault)
    {
        Interlocked.CompareExchange(ref _fault, fault, null);
        ConsumedBell.Ring();
    }

    /// <summary>Driver: publishes. The slot's bytes are there.</summary>
    /// <param name="position">The next one.</param>
    /// <param name="slot">All words but status and tag, which are set here.</param>
    internal void Publish(uint position, in MegakernelSlot slot)
    {
        // SAFETY: as in TryAcquire.
        unsafe
        {
            MegakernelSlot* entry = EntryOf(position);
            Debug.Assert(entry->Status == (uint)MegakernelSlotStatus.Free);
            _hasPublished = true;
            // Word by word: consumers look at tag and status meanwhile.
            entry->Operation = slot.Operation;
            entry->Source = slot.Source;
            entry->Destination = slot.Destination;
            entry->OffsetLow = slot.OffsetLow;
            entry->OffsetHigh = slot.OffsetHigh;
            entry->ByteCount = slot.ByteCount;
            // Releases, pair with the acquires in TryAcquire: the tag is seen after the Free of TryRecycle.
            Volatile.Write(ref *TagOf(entry), position);
            Volatile.Write(ref *StatusOf(entry), (uint)MegakernelSlotStatus.Published);
        }
    }

    /// <summary>Driver: the entry at that position was consumed.</summary>
    internal bool IsCompleted(uint position)
    {
        // SAFETY: as in TryAcquire.
        unsafe
        {
            return Volatile.Read(ref *StatusOf(EntryOf(position))) == (uint)MegakernelSlotStatus.Consumed;
        }
    }

    /// <summary>Driver: the entry at that position was consumed; it is free again then.</summary>
    internal bool TryRecycle(uint position)
    {
        // SAFETY: as in TryAcquire.
        unsafe
        {
            uint* status = StatusOf(EntryOf(position));
            if (Volatile.Read(ref *status) != (uint)MegakernelSlotStatus.Consumed) // pairs with Complete
            {
                return false;
            }
            Volatile.Write(ref *status, (uint)MegakernelSlotStatus.Free);
            return true;
        }
    }

    /// <summary>Driver: nothing more is published.</summary>
    internal void Stop()
    {
        _isStopped = true;
        PublishedBell.Ring();
    }

    /// <summary>Stops, and frees the entries as soon as no consumer is attached any more.</summary>
    public void Dispose()
    {
        Stop();
        _entries.Dispose();
    }

    private unsafe MegakernelSlot* EntryOf(uint position) =>
        (MegakernelSlot*)_entries.Address + (position & _mask);

    private static unsafe uint* StatusOf(MegakernelSlot* entry) => (uint*)entry + 6;

    private static unsafe uint* TagOf(MegakernelSlot* entry) => (uint*)entry + 7;
}
