#nullable enable
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NewerKernel;

namespace NvmeGpu;

/// <summary>
/// The two queues that a ring shares with the kernel, and nothing else: where they are mapped, and the four
/// words whose memory order matters. Used by one thread.
/// <code>
///   submission: we write entries, then release sq.tail -> the kernel acquires sq.tail, reads, then releases
///   sq.head completion: the kernel writes entries, then releases cq.tail -> we acquire cq.tail, read, then
///   release cq.head
/// </code>
/// Heads and tails count for ever and wrap at 2^32, so their arithmetic is unchecked whatever the consumer
/// compiles with. Source: io_uring(7), and the memory-order comment at the top of the kernel's io_uring.c.
/// </summary>
partial struct RingQueues
{
    private nint _ring;
    private nuint _ringBytes;
    private nint _entries;
    private nuint _entriesBytes;

    private unsafe uint* _sqHead;
    private unsafe uint* _sqTail;
    private unsafe uint* _sqFlags;
    private unsafe io_uring_sqe* _sqes;
    private uint _sqMask;
    private uint _sqEntries;
    private uint _sqTailLocal;

    private unsafe uint* _cqHead;
    private unsafe uint* _cqTail;
    private unsafe io_uring_cqe* _cqes;
    private uint _cqMask;
    private uint _cqHeadLocal;

    // How far an index is shifted to count units of 64 bytes (submission) and of 16 (completion): 1 in a
    // ring whose entries are all big.
    private int _sqeShift;
    private int _cqeShift;
    private bool _isMixed;

    /// <summary>Entries written and not yet taken by the kernel.</summary>
    public readonly uint PendingCount
    {
        get
        {
            // SAFETY: mapped from Map to Unmap; the owner calls nothing after Unmap.
            unsafe
            {
                // pairs with the kernel's release of sq.head
                return unchecked(_sqTailLocal - Volatile.Read(ref *_sqHead));
            }
        }
    }

    /// <summary>Entries of both sizes: a 128-byte one takes two places, a small one takes one.</summary>
    public readonly bool IsMixed => _isMixed;

    /// <summary>No entry is free: the kernel must take some first.</summary>
    public readonly bool IsFull => PendingCount == _sqEntries;

    /// <summary>Places in the submission queue.</summary>
    public readonly uint EntriesCount => _sqEntries;

    /// <summary>
    /// Places that the next 128-byte entry takes: in a mixed queue two side by side, and the last one of the
    /// queue as well when they would not be.
    /// </summary>
    public readonly uint BigEntryPlaces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !_isMixed ? 1u : (_sqTailLocal & _sqMask) == _sqMask ? 3u : 2u;
    }

    /// <summary>
    /// Completion entries that can be taken without a system call; in a mixed queue their places, which are
    /// more.
    /// </summary>
    public readonly uint ReadyCount
    {
        get
        {
            // SAFETY: as above.
            unsafe
            {
                // pairs with the kernel's release of cq.tail
                return unchecked(Volatile.Read(ref *_cqTail) - _cqHeadLocal);
            }
        }
    }

    /// <summary>
    /// Completions wait inside the kernel for a system call of ours: deferred task work (IORING_SQ_TASKRUN),
    /// or entries that did not fit (IORING_SQ_CQ_OVERFLOW).
    /// </summary>
    public readonly bool KernelHasCompletions => (Flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;

    /// <summary>
    /// The kernel's polling thread sleeps and must be woken. Only after <see cref="PublishTail"/>.
    /// </summary>
    public readonly bool NeedsWakeup
    {
        get
        {
            // The store of sq.tail must be visible before the flag is read, or both sides sleep: a full
            // fence, which neither the release store nor the acquire load is. Pairs with the kernel's smp_mb
            // after it sets the flag.
            Interlocked.MemoryBarrier();
            return (Flags & IORING_SQ_NEED_WAKEUP) != 0;
        }
    }

    /// <summary>Where the next entry goes.</summary>
    private readonly unsafe io_uring_sqe* Place
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // SAFETY: masked index into an array of that many entries.
            unsafe
            {
                return _sqes + ((nint)(_sqTailLocal & _sqMask) << _sqeShift);
            }
        }
    }

    private readonly uint Flags
    {
        get
        {
            // SAFETY: as above.
            unsafe
            {
                return Volatile.Read(ref *_sqFlags);
            }
        }
    }

    /// <summary>Maps the queues of a ring that was just made.</summary>
    /// <exception cref="IoUringException">The kernel refused the mapping.</exception>
    public void Map(int ringFd, in io_uring_params parameters)
    {
        // Single mapping for both queues: IORING_FEAT_SINGLE_MMAP is there since Linux 5.4, and we need 5.19.
        // SAFETY: the kernel has filled in the structure; its numbers are read.
        unsafe
        {
            _isMixed = (parameters.flags & IORING_SETUP_SQE_MIXED) != 0;
            _sqeShift = (parameters.flags & IORING_SETUP_SQE128) != 0 ? 1 : 0;
            _cqeShift = (parameters.flags & IORING_SETUP_CQE32) != 0 ? 1 : 0;
            _ringBytes = Math.Max(
                parameters.cq_off.cqes + (parameters.cq_entries * (16u << _cqeShift)),
                (parameters.flags & IORING_SETUP_NO_SQARRAY) != 0
                    ? 0
                    : parameters.sq_off.array + (parameters.sq_entries * sizeof(uint)));
            _entriesBytes = parameters.sq_entries * (64u << _sqeShift);
        }
        _ring = MapRing(ringFd, _ringBytes, (long)IORING_OFF_SQ_RING);
        _entries = MapRing(ringFd, _entriesBytes, (long)IORING_OFF_SQES);

        // SAFETY: the offsets are the kernel's, into the mapping whose length was computed from them.
        unsafe
        {
            Debug.Assert(sizeof(io_uring_sqe) == 64 && sizeof(io_uring_cqe) == 16);
            byte* ring = (byte*)_ring;
            _sqHead = (uint*)(ring + parameters.sq_off.head);
            _sqTail = (uint*)(ring + parameters.sq_off.tail);
            _sqFlags = (uint*)(ring + parameters.sq_off.flags);
            _sqMask = *(uint*)(ring + parameters.sq_off.ring_mask);
            _sqEntries = *(uint*)(ring + parameters.sq_off.ring_entries);
            _sqes = (io_uring_sqe*)_entries;
            _cqHead = (uint*)(ring + parameters.cq_off.head);
            _cqTail = (uint*)(ring + parameters.cq_off.tail);
            _cqMask = *(uint*)(ring + parameters.cq_off.ring_mask);
            _cqes = (io_uring_cqe*)(ring + parameters.cq_off.cqes);

            if ((parameters.flags & IORING_SETUP_NO_SQARRAY) == 0)
            {
                // The indirection of older kernels: entry i is always at place i.
                uint* array = (uint*)(ring + parameters.sq_off.array);
                for (uint i = 0; i < _sqEntries; i++)
                {
                    array[i] = i;
                }
            }
        }
    }

    /// <summary>Unmaps; may be called when only a part was mapped.</summary>
    public void Unmap()
    {
        // SAFETY: the kernel does not use our mapping of its memory, and the owner calls nothing after this.
        unsafe
        {
            if (_ring != 0)
            {
                _ = Libc.munmap((void*)_ring, _ringBytes);
                _ring = 0;
            }
            if (_entries != 0)
            {
                _ = Libc.munmap((void*)_entries, _entriesBytes);
                _entries = 0;
            }
        }
    }

    /// <summary>
    /// The next entry, to be written whole and in place: it is copied nowhere. Only when one is free. Mirrors
    /// <c>io_uring_get_sqe</c>, which counts it as well: here that is <see cref="PushEntry"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref io_uring_sqe NextEntry()
    {
        Debug.Assert(!IsFull);
        // SAFETY: masked index into an array of that many entries; the kernel has taken the entry that was
        // here.
        unsafe
        {
            return ref *Place;
        }
    }

    /// <summary>The entry of <see cref="NextEntry"/> is written; not yet visible to the kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PushEntry()
    {
        if (_sqeShift != 0)
        {
            // SAFETY: as above, and the place has 128 bytes.
            unsafe
            {
                Place[1] = default; // nothing of a command that was here before
            }
        }
        unchecked
        {
            _sqTailLocal++;
        }
    }

    /// <summary>
    /// The same for entries of 128 bytes: only in queues that have such entries, and when
    /// <see cref="BigEntryPlaces"/> are free. Mirrors <c>io_uring_get_sqe128</c> of liburing 2.13.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref SubmissionEntry128 NextBigEntry()
    {
        Debug.Assert(_isMixed || _sqeShift == 1);
        Debug.Assert(PendingCount + BigEntryPlaces <= _sqEntries);
        if (BigEntryPlaces == 3)
        {
            PushFiller();
        }
        // SAFETY: as above; with big entries the place has 128 bytes, in a mixed queue the next one belongs
        // to it, and there is a next one, or the filler would have moved us to the first.
        unsafe
        {
            return ref *(SubmissionEntry128*)Place;
        }
    }

    /// <summary>The entry of <see cref="NextBigEntry"/> is written; not yet visible to the kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PushBigEntry()
    {
        unchecked
        {
            _sqTailLocal += _isMixed ? 2u : 1u;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // seldom needed
    private void PushFiller()
    {
        SubmissionEntry.Filler(out NextEntry());
        PushEntry();
    }

    /// <summary>
    /// How many operations the first places of those that are pending hold: fewer than the places in a mixed
    /// queue. They may have been taken by the kernel, which leaves them as they are.
    /// </summary>
    /// <param name="pendingPlaces">What was pending when the kernel was called.</param>
    /// <param name="takenPlaces">How many of them it took, as io_uring_enter(2) counts them.</param>
    public readonly int CountOperations(uint pendingPlaces, int takenPlaces)
    {
        if (!_isMixed)
        {
            return takenPlaces;
        }
        int operations = 0;
        uint first = unchecked(_sqTailLocal - pendingPlaces);
        for (uint i = 0; i < takenPlaces;)
        {
            // SAFETY: masked index; nobody but us writes entries, and this thread is not doing it now.
            unsafe
            {
                io_uring_sqe* place = &_sqes[unchecked(first + i) & _sqMask];
                operations += place->user_data == UserData.Filler ? 0 : 1;
                i += place->opcode == IORING_OP_URING_CMD128 ? 2u : 1u;
            }
        }
        return operations;
    }

    /// <summary>Makes all written entries visible to the kernel.</summary>
    public readonly void PublishTail()
    {
        // SAFETY: mapped.
        unsafe
        {
            Volatile.Write(ref *_sqTail, _sqTailLocal); // pairs with the kernel's acquire of sq.tail
        }
    }

    /// <summary>Takes one completion entry, if one is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out ulong userData, out int result)
    {
        while (ReadyCount != 0)
        {
            uint flags;
            // SAFETY: masked index; the acquire of cq.tail in ReadyCount makes the entry's bytes visible.
            unsafe
            {
                io_uring_cqe* entry = &_cqes[(nint)(_cqHeadLocal & _cqMask) << _cqeShift];
                userData = entry->user_data;
                result = entry->res;
                flags = _isMixed ? entry->flags : 0;
                unchecked
                {
                    _cqHeadLocal += (flags & IORING_CQE_F_32) != 0 ? 2u : 1u;
                }
                // all loads above are done: the kernel may reuse the entry
                Volatile.Write(ref *_cqHead, _cqHeadLocal);
            }
            if ((flags & IORING_CQE_F_SKIP) == 0)
            {
                return true;
            }
        }
        userData = 0;
        result = 0;
        return false;
    }

    private static nint MapRing(int ringFd, nuint lengthBytes, long offsetBytes)
    {
        // SAFETY: a new shared mapping of the ring's own memory.
        unsafe
        {
            void* address = Libc.mmap(
                null, lengthBytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_POPULATE,
                ringFd, offsetBytes);
            int errno = Libc.errno;
            return address != Libc.MAP_FAILED
                ? (nint)address
                : throw new IoUringException("mmap of the ring", errno, "");
        }
    }
}
