#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// The ring's table of registered memory.
static partial class Liburing
{
    /// <summary>
    /// Registers pieces of memory for the fixed operations; the place in the array is the index. 0 or a
    /// negative errno: EBUSY when the ring has a table, ENOMEM beyond RLIMIT_MEMLOCK. See
    /// io_uring_register_buffers(3).
    /// </summary>
    /// <safety><paramref name="iovecs"/> has <paramref name="nr_iovecs"/> elements during the call; the
    /// memory that they name lives until it is unregistered and its operations have completed.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_buffers(io_uring* ring, iovec* iovecs, uint nr_iovecs)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_BUFFERS, iovecs, nr_iovecs);
        }
    }

    /// <summary>
    /// As io_uring_register_buffers; when a piece is let go, a completion with its tag is posted, but for tag
    /// 0. See io_uring_register_buffers_tags(3).
    /// </summary>
    /// <safety>As io_uring_register_buffers; <paramref name="tags"/> has as many elements.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_buffers_tags(
        io_uring* ring, iovec* iovecs, ulong* tags, uint nr)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            var argument = new io_uring_rsrc_register { nr = nr, data = (ulong)iovecs, tags = (ulong)tags };
            return RegisterTable(ring, io_uring_register_op.IORING_REGISTER_BUFFERS2, ref argument);
        }
    }

    /// <summary>
    /// Makes a table of <paramref name="nr"/> empty places, to be filled by
    /// io_uring_register_buffers_update_tag; Linux 5.19. 0 or a negative errno. See
    /// io_uring_register_buffers_sparse(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_buffers_sparse(io_uring* ring, uint nr)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            var argument = new io_uring_rsrc_register { nr = nr, flags = IORING_RSRC_REGISTER_SPARSE };
            return RegisterTable(ring, io_uring_register_op.IORING_REGISTER_BUFFERS2, ref argument);
        }
    }

    /// <summary>
    /// Fills or replaces <paramref name="nr"/> places from <paramref name="off"/> on. Returns how many, or a
    /// negative errno. See io_uring_register_buffers_update_tag(3).
    /// </summary>
    /// <safety>As io_uring_register_buffers_tags; <paramref name="tags"/> may be null.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_buffers_update_tag(
        io_uring* ring, uint off, iovec* iovecs, ulong* tags, uint nr)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            var argument = new io_uring_rsrc_update2
            {
                offset = off,
                data = (ulong)iovecs,
                tags = (ulong)tags,
                nr = nr,
            };
            return UpdateTable(ring, io_uring_register_op.IORING_REGISTER_BUFFERS_UPDATE, ref argument);
        }
    }

    /// <summary>
    /// Lets the table go; memory that operations still use stays registered until they complete. 0, or ENXIO
    /// without a table. See io_uring_unregister_buffers(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [MayBlock]
    [Completes]
    public static unsafe int io_uring_unregister_buffers(io_uring* ring)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_UNREGISTER_BUFFERS, null, 0);
        }
    }

    /// <summary>
    /// Gives one ring the registered memory of another; Linux 6.12. 0 or a negative errno: EBUSY when
    /// <paramref name="dst"/> has a table, ENXIO when <paramref name="src"/> has none. See
    /// io_uring_clone_buffers(3).
    /// </summary>
    /// <safety>Both rings are initialised, of this process; the memory lives until both have let it
    /// go.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_clone_buffers(io_uring* dst, io_uring* src)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            return io_uring_clone_buffers_offset(dst, src, 0, 0, 0, 0);
        }
    }

    /// <summary>
    /// As io_uring_clone_buffers, for <paramref name="nr"/> places (0 is all); with
    /// IORING_REGISTER_DST_REPLACE also into a table. Linux 6.13. See io_uring_clone_buffers_offset(3).
    /// </summary>
    /// <safety>As io_uring_clone_buffers.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_clone_buffers_offset(
        io_uring* dst, io_uring* src, uint dst_off, uint src_off, uint nr, uint flags)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            bool isByIndex = (src->int_flags & RegisterByIndex) != 0;
            var argument = new io_uring_clone_buffers
            {
                src_fd = unchecked((uint)(isByIndex ? src->enter_ring_fd : src->ring_fd)),
                flags = flags | (isByIndex ? (uint)IORING_REGISTER_SRC_REGISTERED : 0),
                src_off = src_off,
                dst_off = dst_off,
                nr = nr,
            };
            return Register(dst, io_uring_register_op.IORING_REGISTER_CLONE_BUFFERS, &argument, 1);
        }
    }

    // The newer operations take the size of their structure in place of a count.

    private static unsafe int RegisterTable(
        io_uring* ring, io_uring_register_op opcode, ref io_uring_rsrc_register argument)
    {
        fixed (io_uring_rsrc_register* pointer = &argument)
        {
            // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call
            // only.
            unsafe
            {
                return Register(ring, opcode, pointer, (uint)sizeof(io_uring_rsrc_register));
            }
        }
    }

    private static unsafe int UpdateTable(
        io_uring* ring, io_uring_register_op opcode, ref io_uring_rsrc_update2 argument)
    {
        fixed (io_uring_rsrc_update2* pointer = &argument)
        {
            // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call
            // only.
            unsafe
            {
                return Register(ring, opcode, pointer, (uint)sizeof(io_uring_rsrc_update2));
            }
        }
    }
}
