#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// Making a ring and taking it down.
static partial class Liburing
{
    /// <summary>
    /// Makes a ring with at least <paramref name="entries"/> submission entries and twice as many completion
    /// entries. 0 or a negative errno. See io_uring_queue_init(3).
    /// </summary>
    /// <safety><paramref name="ring"/> is writable and stays where it is until io_uring_queue_exit.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_queue_init(uint entries, io_uring* ring, uint flags)
    {
        io_uring_params p = default;
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            p.flags = flags;
            return io_uring_queue_init_params(entries, ring, &p);
        }
    }

    /// <summary>
    /// As io_uring_queue_init, with all that can be asked for; <paramref name="p"/> afterwards says what the
    /// kernel made of it. IORING_SETUP_NO_SQARRAY is asked for as well, and given up on kernels that refuse
    /// it. See io_uring_queue_init_params(3).
    /// </summary>
    /// <safety>As io_uring_queue_init; <paramref name="p"/> is writable, and zero but for what is asked
    /// for.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_queue_init_params(uint entries, io_uring* ring, io_uring_params* p)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            long result = MakeRing(entries, ring, p, null, 0);
            return result < 0 ? (int)result : 0;
        }
    }

    /// <summary>
    /// As io_uring_queue_init_params, with the ring in the caller's memory (IORING_SETUP_NO_MMAP, Linux 6.5).
    /// Returns how many bytes of it were used, or a negative errno: ENOMEM when it is too small. See
    /// io_uring_queue_init_mem(3).
    /// </summary>
    /// <safety><paramref name="buf"/> has <paramref name="buf_size"/> zeroed bytes, begins on a page, is
    /// contiguous (a huge page) on kernels before 6.14, and lives until io_uring_queue_exit.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_queue_init_mem(
        uint entries, io_uring* ring, io_uring_params* p, [KernelRetains(Until.Completion)] void* buf,
        nuint buf_size)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            p->flags |= IORING_SETUP_NO_MMAP;
            return (int)MakeRing(entries, ring, p, buf, buf_size);
        }
    }

    /// <summary>
    /// Maps the queues of a ring that io_uring_setup made. Only what follows from the mapping is filled in:
    /// flags, features and descriptors of <paramref name="ring"/> are the caller's to set. 0 or a negative
    /// errno.
    /// </summary>
    /// <safety><paramref name="p"/> is what io_uring_setup filled in for <paramref name="fd"/>;
    /// <paramref name="ring"/> is writable.</safety>
    public static unsafe int io_uring_queue_mmap(int fd, io_uring_params* p, io_uring* ring)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            *ring = default;
            int error = MapFromKernel(fd, p, p->flags, p->features, ring);
            if (error < 0)
            {
                *ring = default; // no pointer to what is not there
            }
            return error;
        }
    }

    /// <summary>
    /// Keeps the ring's memory out of child processes, in which a copy would be useless. 0 or a negative
    /// errno; EINVAL when there is no ring. See madvise(2), MADV_DONTFORK.
    /// </summary>
    /// <safety>The ring is initialised, or zero.</safety>
    public static unsafe int io_uring_ring_dontfork(io_uring* ring)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            if (ring->sq.ring_ptr == null || ring->sq.sqes == null || ring->cq.ring_ptr == null)
            {
                return -Libc.EINVAL;
            }
            if ((ring->flags & IORING_SETUP_NO_MMAP) != 0)
            {
                return DoNotForkUserMemory(ring);
            }
            int error = DoNotFork(ring->sq.sqes, EntriesBytes(ring->sq.ring_entries, ring->flags));
            if (error == 0)
            {
                error = DoNotFork(ring->sq.ring_ptr, ring->sq.ring_sz);
            }
            if (error == 0 && ring->cq.ring_ptr != ring->sq.ring_ptr)
            {
                error = DoNotFork(ring->cq.ring_ptr, ring->cq.ring_sz);
            }
            return error;
        }
    }

    /// <summary>
    /// Takes the ring down: memory, registered index, descriptor. The kernel may go on with operations for a
    /// while; wait for their completions first. A zeroed ring, one whose making failed, and one that was
    /// taken down before have nothing to take down. See io_uring_queue_exit(3).
    /// </summary>
    /// <safety>The ring is initialised or zero, and afterwards nothing uses it or a pointer into it. A
    /// registered ring is taken down by the thread that registered it. Memory that the caller gave
    /// (io_uring_queue_init_mem) is no longer needed, but the kernel may still write into it while it takes
    /// the ring apart: unmap it rather than use it for something else.</safety>
    [MayBlock]
    public static unsafe void io_uring_queue_exit([Releases] io_uring* ring)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            if (ring->sq.sqes == null)
            {
                // Never made, or taken down: its descriptor reads 0, which is somebody else's.
                return;
            }
            if ((ring->flags & IORING_SETUP_NO_MMAP) == 0)
            {
                _ = Libc.munmap(ring->sq.sqes, EntriesBytes(ring->sq.ring_entries, ring->flags));
                UnmapQueues(ring);
            }
            else if ((ring->int_flags & InCallersMemory) == 0)
            {
                UnmapUserMemory(ring, SizeOf(ring));
            }
            if ((ring->int_flags & EnterByIndex) != 0)
            {
                // The slot would stay taken until the thread ends.
                _ = io_uring_unregister_ring_fd(ring);
            }
            if (ring->ring_fd != -1)
            {
                _ = Libc.close(ring->ring_fd);
            }
            *ring = default; // no pointer to what is gone, nor a descriptor that is another's soon
        }
    }

    /// <summary>
    /// Without the array first, which costs an indirection per entry; before Linux 6.6 that is EINVAL.
    /// </summary>
    private static unsafe long MakeRing(
        uint entries, io_uring* ring, io_uring_params* p, void* memory, nuint memoryBytes)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            uint asked = p->flags;
            p->flags |= IORING_SETUP_NO_SQARRAY;
            long result = MakeRingAsAsked(entries, ring, p, memory, memoryBytes);
            if (result == -Libc.EINVAL && (asked & IORING_SETUP_NO_SQARRAY) == 0)
            {
                p->flags = asked;
                result = MakeRingAsAsked(entries, ring, p, memory, memoryBytes);
            }
            if (result < 0)
            {
                p->flags = asked;
            }
            return result;
        }
    }

    private static unsafe long MakeRingAsAsked(
        uint entries, io_uring* ring, io_uring_params* p, void* memory, nuint memoryBytes)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            *ring = default;
            bool isOursToMap = (p->flags & IORING_SETUP_NO_MMAP) == 0;
            bool isIndexOnly = (p->flags & IORING_SETUP_REGISTERED_FD_ONLY) != 0;
            if (isIndexOnly && isOursToMap)
            {
                return -Libc.EINVAL; // without a descriptor nothing can be mapped
            }

            long bytes = 0;
            if (!isOursToMap && (bytes = TakeUserMemory(entries, ring, p, memory, memoryBytes)) < 0)
            {
                return bytes;
            }
            int fd = io_uring_setup(entries, p);
            int error = fd < 0 ? fd : 0;
            if (error == 0 && isOursToMap)
            {
                error = MapFromKernel(fd, p, p->flags, p->features, ring);
                if (error < 0)
                {
                    _ = Libc.close(fd);
                }
            }
            if (error < 0)
            {
                if (!isOursToMap && memory == null)
                {
                    _ = SizeOf(entries, *p, out RingSize size);
                    UnmapUserMemory(ring, size);
                }
                *ring = default; // no pointer to what is gone
                return error;
            }

            if (!isOursToMap)
            {
                SetPointers(p, p->flags, ring);
            }
            ring->flags = p->flags;
            ring->features = p->features;
            ring->enter_ring_fd = fd;
            ring->ring_fd = isIndexOnly ? -1 : fd;
            if (isIndexOnly)
            {
                ring->int_flags |= EnterByIndex | RegisterByIndex;
            }
            return bytes;
        }
    }

    /// <summary>The plan that the ring was made by, from what it has become.</summary>
    private static unsafe RingSize SizeOf(io_uring* ring)
    {
        io_uring_params p = default;
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            p.flags = ring->flags | IORING_SETUP_CQSIZE;
            p.cq_entries = ring->cq.ring_entries;
            _ = SizeOf(ring->sq.ring_entries, p, out RingSize size);
            return size;
        }
    }

    private static unsafe int DoNotForkUserMemory(io_uring* ring)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            RingSize size = SizeOf(ring);
            if ((ring->int_flags & InCallersMemory) != 0)
            {
                // Whole pages of the caller's; what else lies in them was not given to the ring.
                return DoNotFork(ring->sq.sqes, size.TotalBytes);
            }
            bool isTwoPieces = size.FitsSinglePages || size.TotalBytes > HugePageBytes;
            nuint bytes = size.FitsSinglePages ? PageBytes : HugePageBytes;
            int error = DoNotFork(ring->sq.sqes, bytes);
            return error == 0 && isTwoPieces ? DoNotFork(ring->sq.ring_ptr, bytes) : error;
        }
    }

    private static unsafe int DoNotFork(void* address, nuint bytes)
    {
        // SAFETY: ring and p are the caller's and writable, and the ring stays where it is.
        unsafe
        {
            return Result(Libc.madvise(address, bytes, Libc.MADV_DONTFORK));
        }
    }
}
