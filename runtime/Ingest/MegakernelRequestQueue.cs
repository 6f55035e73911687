#nullable enable
using System;
using System.Threading;

namespace NvmeGpu;

/// <summary>
/// The queue by which a GPU, or threads of the host, ask for reads: entries of 32 bytes in memory that the
/// GPU maps, with the words of <see cref="MegakernelSlot"/> (operation 1, source, destination, offset, bytes,
/// <see cref="MegakernelRequestStatus"/>, tag). Each entry has one requester, which has one request in it at
/// a time.
/// <para>
/// Memory order. Requester: the words, then a release store of Requested. Loop: an acquire load of Requested,
/// then the words, each once, into a copy that is what gets checked: a requester that writes when it may not
/// changes the entry but not the copy. After the read: the tag of a failure, then a release store of Done or
/// Failed. Requester: an acquire load of that, then the bytes. No compare-and-swap.
/// </para>
/// <para>Threads: each entry's requester on any one thread, the loop's side on the loop's thread.</para>
/// </summary>
sealed partial class MegakernelRequestQueue : IDisposable
{
    /// <summary>The most entries.</summary>
    public const int CapacityLimit = 4096;

    /// <summary>The only operation that there is.</summary>
    public const uint ReadOperation = 1;

    private readonly GpuMappedBuffer _entries;

    internal MegakernelRequestQueue(int capacity, IPeerMemoryProvider memory)
    {
        Capacity = capacity;
        _entries = memory.Allocate((long)capacity * MegakernelSlot.SizeBytes);
        // SAFETY: the buffer was just allocated and nobody else knows it. Providers need not hand out zeroes.
        unsafe
        {
            new Span<byte>((void*)_entries.Address, capacity * MegakernelSlot.SizeBytes).Clear();
        }
    }

    /// <summary>Entries.</summary>
    public int Capacity { get; }

    /// <summary>The memory of the entries.</summary>
    internal GpuMappedBuffer Entries => _entries;

    /// <summary>Rung when a thread of the host has asked; a GPU cannot.</summary>
    internal Doorbell RequestedBell { get; } = new();

    /// <summary>Requester on the host: asks, in an entry of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    /// <exception cref="InvalidOperationException">The entry's last request was not answered yet.</exception>
    /// <exception cref="ObjectDisposedException">The loop was disposed.</exception>
    public void Post(int entry, in MegakernelRequest request)
    {
        ThrowUnlessEntry(entry);
        _entries.BeginUse();
        try
        {
            // SAFETY: the entry is inside the buffer, which stays mapped until EndUse.
            unsafe
            {
                MegakernelSlot* words = EntryOf(entry);
                if (Volatile.Read(ref *StatusOf(words)) == (uint)MegakernelRequestStatus.Requested)
                {
                    throw new InvalidOperationException(
                        $"Entry {entry} has a request that was not answered yet.");
                }
                words->Operation = ReadOperation;
                words->Source = request.Source;
                words->Destination = request.Destination;
                words->OffsetLow = unchecked((uint)request.OffsetBytes);
                words->OffsetHigh = (uint)(request.OffsetBytes >> 32);
                words->ByteCount = request.ByteCount;
                words->Tag = request.Tag;
                // Release, pairs with the acquire in TryClaim.
                Volatile.Write(ref *StatusOf(words), (uint)MegakernelRequestStatus.Requested);
            }
        }
        finally
        {
            _entries.EndUse();
        }
        RequestedBell.Ring();
    }

    /// <summary>Requester on the host: the answer, if it is there; the entry is free again then.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    /// <exception cref="ObjectDisposedException">The loop was disposed.</exception>
    public bool TryTake(int entry, out MegakernelAnswer answer)
    {
        ThrowUnlessEntry(entry);
        _entries.BeginUse();
        try
        {
            // SAFETY: as in Post.
            unsafe
            {
                MegakernelSlot* words = EntryOf(entry);
                // Acquire, pairs with the release in Answer: the tag and the destination's bytes are there.
                uint status = Volatile.Read(ref *StatusOf(words));
                answer = (MegakernelRequestStatus)status switch
                {
                    MegakernelRequestStatus.Done => new(MegakernelRequestError.None, words->Tag),
                    MegakernelRequestStatus.Failed => new((MegakernelRequestError)words->Tag, 0),
                    _ => default,
                };
                if ((MegakernelRequestStatus)status
                    is not (MegakernelRequestStatus.Done or MegakernelRequestStatus.Failed))
                {
                    return false;
                }
                Volatile.Write(ref *StatusOf(words), (uint)MegakernelRequestStatus.Free);
                return true;
            }
        }
        finally
        {
            _entries.EndUse();
        }
    }

    /// <summary>Frees the entries when nobody uses them any more.</summary>
    public void Dispose() => _entries.Dispose();

    /// <summary>Loop: a copy of the entry's words, if it has a request.</summary>
    internal bool TryClaim(int entry, out MegakernelSlot words)
    {
        // SAFETY: the loop's own index; the loop disposes the queue after itself.
        unsafe
        {
            MegakernelSlot* shared = EntryOf(entry);
            if (Volatile.Read(ref *StatusOf(shared)) != (uint)MegakernelRequestStatus.Requested)
            {
                words = default;
                return false;
            }
            words = *shared;
            return true;
        }
    }

    /// <summary>Loop: the bytes are there, or why not.</summary>
    internal void Answer(int entry, uint error)
    {
        // SAFETY: as in TryClaim.
        unsafe
        {
            MegakernelSlot* words = EntryOf(entry);
            if (error != 0)
            {
                words->Tag = error;
            }
            // Release, pairs with the acquire in TryTake.
            Volatile.Write(
                ref *StatusOf(words),
                (uint)(error == 0 ? MegakernelRequestStatus.Done : MegakernelRequestStatus.Failed));
        }
    }

    private void ThrowUnlessEntry(int entry)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(entry);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entry, Capacity);
    }

    private unsafe MegakernelSlot* EntryOf(int entry) => (MegakernelSlot*)_entries.Address + entry;

    private static unsafe uint* StatusOf(MegakernelSlot* entry) => (uint*)entry + 6;
}
