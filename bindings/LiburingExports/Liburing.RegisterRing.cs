#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// The ring itself as an index of the thread, which saves the look-up of the descriptor on each system call.
// An index is the thread's own: another thread cannot use the ring meanwhile.
static partial class Liburing
{
    /// <summary>
    /// Registers the ring with the calling thread; Linux 5.18. Returns 1, or a negative errno: EEXIST when it
    /// is registered. See io_uring_register_ring_fd(3).
    /// </summary>
    /// <safety>The ring is initialised, and from now on used by this thread only.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_ring_fd(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            if ((ring->int_flags & EnterByIndex) != 0)
            {
                return -Libc.EEXIST;
            }
            var argument = new io_uring_rsrc_update
            {
                offset = uint.MaxValue, // any free index; the kernel writes which
                data = unchecked((ulong)ring->ring_fd),
            };
            int result = Register(ring, io_uring_register_op.IORING_REGISTER_RING_FDS, &argument, 1);
            if (result == 1)
            {
                ring->enter_ring_fd = unchecked((int)argument.offset);
                ring->int_flags |= EnterByIndex;
                if ((ring->features & IORING_FEAT_REG_REG_RING) != 0)
                {
                    ring->int_flags |= RegisterByIndex;
                }
            }
            return result;
        }
    }

    /// <summary>
    /// Gives the index back; the descriptor is used again. Returns 1, or a negative errno: EINVAL when the
    /// ring is not registered. See io_uring_unregister_ring_fd(3).
    /// </summary>
    /// <safety>The ring is initialised. After io_uring_close_ring_fd nothing is left but
    /// io_uring_queue_exit.</safety>
    [MayBlock]
    public static unsafe int io_uring_unregister_ring_fd(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            if ((ring->int_flags & EnterByIndex) == 0)
            {
                return -Libc.EINVAL;
            }
            var argument = new io_uring_rsrc_update { offset = unchecked((uint)ring->enter_ring_fd) };
            int result = Register(ring, io_uring_register_op.IORING_UNREGISTER_RING_FDS, &argument, 1);
            if (result == 1)
            {
                ring->enter_ring_fd = ring->ring_fd;
                ring->int_flags &= InCallersMemory;
            }
            return result;
        }
    }

    /// <summary>
    /// Closes the descriptor of a registered ring, which lives on by its index; Linux 6.3. Returns 1, or a
    /// negative errno: EINVAL when the ring is not registered, EBADF when it has no descriptor, EOPNOTSUPP on
    /// older kernels. See io_uring_close_ring_fd(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [MayBlock]
    public static unsafe int io_uring_close_ring_fd(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            if ((ring->features & IORING_FEAT_REG_REG_RING) == 0)
            {
                return -Libc.EOPNOTSUPP;
            }
            if ((ring->int_flags & EnterByIndex) == 0)
            {
                return -Libc.EINVAL;
            }
            if (ring->ring_fd == -1)
            {
                return -Libc.EBADF;
            }
            _ = Libc.close(ring->ring_fd); // Linux frees it also where it reports an error
            ring->ring_fd = -1;
        }
        return 1;
    }
}
