#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// Changing the size of a ring that is in use.
static partial class Liburing
{
    /// <summary>
    /// Gives the ring new queues of the sizes in <paramref name="p"/>; entries and completions in it move
    /// along. Only for rings with IORING_SETUP_DEFER_TASKRUN that the kernel's memory holds; Linux 6.13. 0 or
    /// a negative errno: EINVAL for other rings, EOVERFLOW when what is in the ring does not fit, EBADF when
    /// the descriptor was closed and nothing could be mapped. See io_uring_resize_rings(3).
    /// </summary>
    /// <safety>The ring is initialised; afterwards no pointer to an entry or completion from before is
    /// used.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_resize_rings(io_uring* ring, io_uring_params* p)
    {
        // SAFETY: the caller's ring is initialised, and no pointer into its old memory is used afterwards.
        unsafe
        {
            if ((ring->flags & IORING_SETUP_NO_MMAP) != 0)
            {
                return -Libc.EINVAL;
            }
            if (ring->ring_fd < 0)
            {
                return -Libc.EBADF; // asked here: the kernel would resize, and we could not map
            }
            // The kernel moves what is published and forgets what is only prepared.
            _ = PublishSubmissions(ring);
            int error = Register(ring, io_uring_register_op.IORING_REGISTER_RESIZE_RINGS, p, 1);
            if (error < 0)
            {
                return error;
            }

            // The new mapping first: if that fails, the ring still points at memory that is there.
            io_uring resized = *ring;
            resized.sq.ring_ptr = null;
            resized.sq.sqes = null;
            resized.sq.array = null;
            resized.cq.ring_ptr = null;
            // What the kernel has written back lacks the flags and features that the ring was made with.
            error = MapFromKernel(ring->ring_fd, p, ring->flags, ring->features, &resized);
            if (error < 0)
            {
                return error;
            }
            _ = Libc.munmap(ring->sq.sqes, EntriesBytes(ring->sq.ring_entries, ring->flags));
            UnmapQueues(ring);
            *ring = resized;
        }
        return 0;
    }
}
