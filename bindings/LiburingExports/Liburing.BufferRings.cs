#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using System.Threading;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// Rings of provided buffers, of which the kernel takes one when data is there.
static partial class Liburing
{
    /// <summary>The offset that a group is mapped at has so many bits for it.</summary>
    private const int MappedGroupMax =
        (int)((~IORING_OFF_MMAP_MASK & uint.MaxValue) >> IORING_OFF_PBUF_SHIFT);

    /// <summary>
    /// Allocates a buffer ring of <paramref name="nentries"/> places (a power of two, at most 32768), empty,
    /// and registers it as group <paramref name="bgid"/>; Linux 5.19. Null on failure, with a negative errno
    /// in <paramref name="err"/>; 0 there otherwise. With IOU_PBUF_RING_MMAP the memory is the kernel's,
    /// which needs the ring's descriptor (EBADF without it) and a group of at most 2047; Linux 6.4. See
    /// io_uring_setup_buf_ring(3).
    /// </summary>
    /// <safety><paramref name="err"/> is writable. The result is for io_uring_free_buf_ring.</safety>
    [return: Stable]
    public static unsafe io_uring_buf_ring* io_uring_setup_buf_ring(
        io_uring* ring, uint nentries, int bgid, uint flags, int* err)
    {
        // SAFETY: the caller's ring is initialised; the structures are on this frame and read during the call
        // only.
        unsafe
        {
            if ((flags & (uint)io_uring_register_pbuf_ring_flags.IOU_PBUF_RING_MMAP) != 0)
            {
                return MapBufferRing(ring, nentries, bgid, flags, err);
            }
            void* memory = Libc.mmap(
                null, BufferRingBytes(nentries), Libc.PROT_READ | Libc.PROT_WRITE,
                Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
            if (memory == Libc.MAP_FAILED)
            {
                *err = -Libc.errno;
                return null;
            }
            var argument = new io_uring_buf_reg
            {
                ring_addr = (ulong)memory,
                ring_entries = nentries,
                bgid = unchecked((ushort)bgid),
            };
            *err = io_uring_register_buf_ring(ring, &argument, flags);
            if (*err != 0)
            {
                _ = Libc.munmap(memory, BufferRingBytes(nentries));
                return null;
            }
            var bufferRing = (io_uring_buf_ring*)memory;
            // Pairs with the kernel's acquire load of the tail when it looks for a buffer.
            Volatile.Write(ref bufferRing->tail, 0);
            return bufferRing;
        }
    }

    /// <summary>
    /// Unregisters and frees what io_uring_setup_buf_ring made. 0 or a negative errno, and then it is still
    /// there. See io_uring_free_buf_ring(3).
    /// </summary>
    /// <safety><paramref name="br"/> is that ring, of that size and group; nothing uses it
    /// afterwards.</safety>
    [MayBlock]
    [Completes]
    public static unsafe int io_uring_free_buf_ring(
        io_uring* ring, [Releases] io_uring_buf_ring* br, uint nentries, int bgid)
    {
        // SAFETY: the caller's ring is initialised; the structures are on this frame and read during the call
        // only.
        unsafe
        {
            int result = io_uring_unregister_buf_ring(ring, bgid);
            if (result == 0)
            {
                _ = Libc.munmap(br, BufferRingBytes(nentries));
            }
            return result;
        }
    }

    /// <summary>
    /// Registers a buffer ring in memory of the caller's; <paramref name="flags"/> are added to those in
    /// <paramref name="reg"/>. 0 or a negative errno: EEXIST when the group has one, EINVAL for a size that
    /// is no power of two. See io_uring_register_buf_ring(3).
    /// </summary>
    /// <safety>The memory that <paramref name="reg"/> names lives until the group is unregistered.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_buf_ring(io_uring* ring, io_uring_buf_reg* reg, uint flags)
    {
        // SAFETY: the caller's ring is initialised; the structures are on this frame and read during the call
        // only.
        unsafe
        {
            reg->flags |= unchecked((ushort)flags);
            return Register(ring, io_uring_register_op.IORING_REGISTER_PBUF_RING, reg, 1);
        }
    }

    /// <summary>
    /// Unregisters a group. 0 or a negative errno: ENOENT when there is none. See
    /// io_uring_unregister_buf_ring(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [MayBlock]
    [Completes]
    public static unsafe int io_uring_unregister_buf_ring(io_uring* ring, int bgid)
    {
        // SAFETY: the caller's ring is initialised; the structures are on this frame and read during the call
        // only.
        unsafe
        {
            var argument = new io_uring_buf_reg { bgid = unchecked((ushort)bgid) };
            return Register(ring, io_uring_register_op.IORING_UNREGISTER_PBUF_RING, &argument, 1);
        }
    }

    /// <summary>
    /// How many buffers of a group the kernel has taken so far, modulo 2^16; Linux 6.8. 0 or a negative
    /// errno, and then <paramref name="head"/> is as it was.
    /// </summary>
    /// <safety><paramref name="head"/> is writable.</safety>
    public static unsafe int io_uring_buf_ring_head(io_uring* ring, int buf_group, ushort* head)
    {
        // SAFETY: the caller's ring is initialised; the structures are on this frame and read during the call
        // only.
        unsafe
        {
            var argument = new io_uring_buf_status { buf_group = unchecked((uint)buf_group) };
            int result = Register(ring, io_uring_register_op.IORING_REGISTER_PBUF_STATUS, &argument, 1);
            if (result == 0)
            {
                *head = unchecked((ushort)argument.head);
            }
            return result;
        }
    }

    /// <summary>
    /// A buffer ring in memory of the kernel's, zeroed; given memory of ours it would not look there.
    /// </summary>
    private static unsafe io_uring_buf_ring* MapBufferRing(
        io_uring* ring, uint entries, int group, uint flags, int* error)
    {
        // Asked here: the kernel would register, and we could not map.
        bool hasOffset = group is >= 0 and <= MappedGroupMax;
        // SAFETY: the caller's ring is initialised; the structures are on this frame and read during the call
        // only.
        unsafe
        {
            if (!hasOffset || ring->ring_fd < 0)
            {
                *error = hasOffset ? -Libc.EBADF : -Libc.EINVAL;
                return null;
            }
            var argument = new io_uring_buf_reg { ring_entries = entries, bgid = unchecked((ushort)group) };
            *error = io_uring_register_buf_ring(ring, &argument, flags);
            if (*error != 0)
            {
                return null;
            }
            ulong offset = IORING_OFF_PBUF_RING | ((ulong)argument.bgid << IORING_OFF_PBUF_SHIFT);
            *error = MapRing(ring->ring_fd, BufferRingBytes(entries), offset, out void* memory);
            if (*error != 0)
            {
                _ = io_uring_unregister_buf_ring(ring, group);
            }
            return (io_uring_buf_ring*)memory;
        }
    }

    private static unsafe nuint BufferRingBytes(uint entries) => (nuint)entries * (nuint)sizeof(io_uring_buf);
}
