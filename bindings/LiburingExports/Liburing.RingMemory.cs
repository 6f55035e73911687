#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using System;

namespace NvmeGpu.Bindings;

// Where a ring's memory comes from: mapped from the kernel, allocated here (IORING_SETUP_NO_MMAP), or the
// caller's.
static partial class Liburing
{
    private const uint SubmissionEntriesMax = 32_768;
    private const uint CompletionEntriesMax = 2 * SubmissionEntriesMax;

    /// <summary>Heads, tails, masks and flags before the completion entries: one cache line.</summary>
    private const uint RingHeaderBytes = 64;

    private const nuint HugePageBytes = 2 * 1024 * 1024;

    /// <summary>What a ring needs, before the kernel was asked.</summary>
    private struct RingSize
    {
        public uint SubmissionEntries;
        public uint CompletionEntries;
        public nuint EntriesBytes;
        public nuint RingBytes;

        /// <summary>
        /// Both in one piece of memory, the ring behind the entries, each on pages of its own.
        /// </summary>
        public readonly nuint TotalBytes => unchecked(WholePages(EntriesBytes) + WholePages(RingBytes));

        /// <summary>One page each, which is contiguous without a huge page.</summary>
        public readonly bool FitsSinglePages => EntriesBytes <= PageBytes && RingBytes <= PageBytes;
    }

    private static nuint PageBytes => (nuint)Environment.SystemPageSize;

    private static nuint WholePages(nuint bytes) => unchecked((bytes + PageBytes - 1) & ~(PageBytes - 1));

    /// <summary>Rounds and checks as the kernel does. 0 or a negative errno.</summary>
    private static int SizeOf(uint entries, in io_uring_params p, out RingSize size)
    {
        size = default;
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            bool isClamping = (p.flags & IORING_SETUP_CLAMP) != 0;
            if (entries == 0 || (entries > SubmissionEntriesMax && !isClamping))
            {
                return -Libc.EINVAL;
            }
            size.SubmissionEntries = PowerOfTwo(Math.Min(entries, SubmissionEntriesMax));
            size.CompletionEntries = 2 * size.SubmissionEntries;
            if ((p.flags & IORING_SETUP_CQSIZE) != 0)
            {
                if (p.cq_entries == 0 || (p.cq_entries > CompletionEntriesMax && !isClamping))
                {
                    return -Libc.EINVAL;
                }
                size.CompletionEntries = PowerOfTwo(Math.Min(p.cq_entries, CompletionEntriesMax));
                if (size.CompletionEntries < size.SubmissionEntries)
                {
                    return -Libc.EINVAL;
                }
            }
            size.EntriesBytes = EntriesBytes(size.SubmissionEntries, p.flags);
            size.RingBytes = RingHeaderBytes + CompletionsBytes(size.CompletionEntries, p.flags);
            if ((p.flags & IORING_SETUP_NO_SQARRAY) == 0)
            {
                size.RingBytes += (nuint)size.SubmissionEntries * sizeof(uint);
            }
        }
        return 0;
    }

    private static uint PowerOfTwo(uint value) => System.Numerics.BitOperations.RoundUpToPowerOf2(value);

    private static unsafe nuint EntriesBytes(uint count, uint setupFlags) =>
        (nuint)count * (nuint)sizeof(io_uring_sqe) * ((setupFlags & IORING_SETUP_SQE128) != 0 ? 2u : 1u);

    private static unsafe nuint CompletionsBytes(uint count, uint setupFlags) =>
        (nuint)count * (nuint)sizeof(io_uring_cqe) * ((setupFlags & IORING_SETUP_CQE32) != 0 ? 2u : 1u);

    /// <summary>
    /// Puts the memory of an IORING_SETUP_NO_MMAP ring into <paramref name="ring"/> and
    /// <paramref name="p"/>: the caller's, or when that is null, pages of ours. Returns the bytes used, or a
    /// negative errno.
    /// </summary>
    private static unsafe long TakeUserMemory(
        uint entries, io_uring* ring, io_uring_params* p, void* memory, nuint memoryBytes)
    {
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            int error = SizeOf(entries, *p, out RingSize size);
            if (error < 0)
            {
                return error;
            }
            if (memory != null)
            {
                if (size.TotalBytes > memoryBytes)
                {
                    return -Libc.ENOMEM;
                }
                ring->int_flags |= InCallersMemory;
                ring->sq.sqes = (io_uring_sqe*)memory;
                ring->sq.ring_ptr = (byte*)memory + WholePages(size.EntriesBytes);
            }
            else if ((error = MapUserMemory(ring, size)) < 0)
            {
                return error;
            }
            ring->cq.ring_ptr = ring->sq.ring_ptr;
            p->sq_off.user_addr = (ulong)ring->sq.sqes;
            p->cq_off.user_addr = (ulong)ring->sq.ring_ptr;
            return (long)size.TotalBytes;
        }
    }

    /// <summary>
    /// Before Linux 6.14 each of the two pieces must be physically contiguous: single pages where they
    /// suffice, otherwise huge pages, which the administrator must have set aside (vm.nr_hugepages).
    /// </summary>
    private static unsafe int MapUserMemory(io_uring* ring, in RingSize size)
    {
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            if (size.FitsSinglePages)
            {
                return MapBoth(ring, PageBytes, 0);
            }
            if (size.TotalBytes <= HugePageBytes)
            {
                int error =
                    MapAnonymous(HugePageBytes, Libc.MAP_HUGETLB | Libc.MAP_HUGE_2MB, out void* memory);
                if (error == 0)
                {
                    ring->sq.sqes = (io_uring_sqe*)memory;
                    ring->sq.ring_ptr = (byte*)memory + WholePages(size.EntriesBytes);
                }
                return error;
            }
            return size.EntriesBytes <= HugePageBytes && size.RingBytes <= HugePageBytes
                ? MapBoth(ring, HugePageBytes, Libc.MAP_HUGETLB | Libc.MAP_HUGE_2MB)
                : -Libc.ENOMEM;
        }
    }

    private static unsafe int MapBoth(io_uring* ring, nuint bytesEach, int flags)
    {
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            int error = MapAnonymous(bytesEach, flags, out void* entries);
            if (error < 0)
            {
                return error;
            }
            error = MapAnonymous(bytesEach, flags, out void* queues);
            if (error < 0)
            {
                _ = Libc.munmap(entries, bytesEach);
                return error;
            }
            ring->sq.sqes = (io_uring_sqe*)entries;
            ring->sq.ring_ptr = queues;
        }
        return 0;
    }

    private static unsafe int MapAnonymous(nuint bytes, int flags, out void* memory)
    {
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            memory = Libc.mmap(
                null, bytes, Libc.PROT_READ | Libc.PROT_WRITE,
                Libc.MAP_SHARED | Libc.MAP_ANONYMOUS | flags, -1, 0);
            if (memory != Libc.MAP_FAILED)
            {
                return 0;
            }
        }
        int error = -Libc.errno;
        memory = null;
        return error;
    }

    /// <summary>
    /// Gives back what <see cref="MapUserMemory"/> mapped; the sizes follow from the same plan.
    /// </summary>
    private static unsafe void UnmapUserMemory(io_uring* ring, in RingSize size)
    {
        nuint bytes = size.FitsSinglePages ? PageBytes : HugePageBytes;
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            _ = Libc.munmap(ring->sq.sqes, bytes);
            if (size.FitsSinglePages || size.TotalBytes > HugePageBytes)
            {
                _ = Libc.munmap(ring->sq.ring_ptr, bytes);
            }
        }
    }

    /// <summary>
    /// Maps the two queues and the entries from the kernel. 0 or a negative errno, nothing mapped then.
    /// </summary>
    private static unsafe int MapFromKernel(
        int fd, io_uring_params* p, uint flags, uint features, io_uring* ring)
    {
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            ring->sq.ring_sz = (nuint)p->sq_off.array + ((nuint)p->sq_entries * sizeof(uint));
            ring->cq.ring_sz = p->cq_off.cqes + CompletionsBytes(p->cq_entries, flags);
            bool isOneMapping = (features & IORING_FEAT_SINGLE_MMAP) != 0;
            if (isOneMapping)
            {
                nuint larger = ring->sq.ring_sz > ring->cq.ring_sz ? ring->sq.ring_sz : ring->cq.ring_sz;
                ring->sq.ring_sz = larger;
                ring->cq.ring_sz = larger;
            }

            int error = MapRing(fd, ring->sq.ring_sz, IORING_OFF_SQ_RING, out ring->sq.ring_ptr);
            if (error < 0)
            {
                return error;
            }
            ring->cq.ring_ptr = ring->sq.ring_ptr;
            if (!isOneMapping)
            {
                error = MapRing(fd, ring->cq.ring_sz, IORING_OFF_CQ_RING, out ring->cq.ring_ptr);
            }
            if (error == 0)
            {
                error = MapRing(fd, EntriesBytes(p->sq_entries, flags), IORING_OFF_SQES, out void* entries);
                ring->sq.sqes = (io_uring_sqe*)entries;
            }
            if (error < 0)
            {
                UnmapQueues(ring);
                return error;
            }
            SetPointers(p, flags, ring);
        }
        return 0;
    }

    private static unsafe int MapRing(int fd, nuint bytes, ulong offset, out void* memory)
    {
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            memory = Libc.mmap(
                null, bytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_POPULATE, fd,
                (long)offset);
            if (memory != Libc.MAP_FAILED)
            {
                return 0;
            }
        }
        int error = -Libc.errno;
        memory = null;
        return error;
    }

    private static unsafe void UnmapQueues(io_uring* ring)
    {
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            _ = Libc.munmap(ring->sq.ring_ptr, ring->sq.ring_sz);
            if (ring->cq.ring_ptr != null && ring->cq.ring_ptr != ring->sq.ring_ptr)
            {
                _ = Libc.munmap(ring->cq.ring_ptr, ring->cq.ring_sz);
            }
        }
    }

    /// <summary>Where the kernel says that the shared words are, and what in them never changes.</summary>
    private static unsafe void SetPointers(io_uring_params* p, uint flags, io_uring* ring)
    {
        // SAFETY: ring and p are the caller's and writable; the offsets are the kernel's, into mappings of
        // these sizes.
        unsafe
        {
            byte* sq = (byte*)ring->sq.ring_ptr;
            ring->sq.khead = (uint*)(sq + p->sq_off.head);
            ring->sq.ktail = (uint*)(sq + p->sq_off.tail);
            ring->sq.kring_mask = (uint*)(sq + p->sq_off.ring_mask);
            ring->sq.kring_entries = (uint*)(sq + p->sq_off.ring_entries);
            ring->sq.kflags = (uint*)(sq + p->sq_off.flags);
            ring->sq.kdropped = (uint*)(sq + p->sq_off.dropped);
            ring->sq.ring_mask = *ring->sq.kring_mask;
            ring->sq.ring_entries = *ring->sq.kring_entries;
            if ((flags & IORING_SETUP_NO_SQARRAY) == 0)
            {
                // The indirection of kernels before 6.6. The kernel reads it after it acquired sq.tail, and
                // the first tail is published after this: entry i is always at place i.
                ring->sq.array = (uint*)(sq + p->sq_off.array);
                for (uint i = 0; i < ring->sq.ring_entries; i++)
                {
                    ring->sq.array[i] = i;
                }
            }

            byte* cq = (byte*)ring->cq.ring_ptr;
            ring->cq.khead = (uint*)(cq + p->cq_off.head);
            ring->cq.ktail = (uint*)(cq + p->cq_off.tail);
            ring->cq.kring_mask = (uint*)(cq + p->cq_off.ring_mask);
            ring->cq.kring_entries = (uint*)(cq + p->cq_off.ring_entries);
            ring->cq.koverflow = (uint*)(cq + p->cq_off.overflow);
            // Since Linux 5.8; 0 is the place of another word.
            ring->cq.kflags = p->cq_off.flags != 0 ? (uint*)(cq + p->cq_off.flags) : null;
            ring->cq.cqes = (io_uring_cqe*)(cq + p->cq_off.cqes);
            ring->cq.ring_mask = *ring->cq.kring_mask;
            ring->cq.ring_entries = *ring->cq.kring_entries;
        }
    }
}
