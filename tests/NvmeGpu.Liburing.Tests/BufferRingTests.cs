using System.Threading;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>Rings of provided buffers.</summary>
public unsafe class BufferRingTests
{
    private const int ENOBUFS = 105;
    [Theory, MemberData(nameof(Both))]
    public void Buffer_rings_are_unmapped_with_their_group_and_where_there_is_none(string library)
    {
        const uint Entries = 32_768;
        const int Rounds = 500;
        using var ring = new TestRing(Libraries.Get(library), 4);
        int error;
        long before = TestRing.MappedBytes();
        for (int i = 0; i < Rounds; i++)
        {
            io_uring_buf_ring* buffers = ring.Library.io_uring_setup_buf_ring(
                ring.Ring, Entries, 1, 0, &error);
            Assert.True(ring.Library.io_uring_setup_buf_ring(ring.Ring, Entries, 1, 0, &error) == null);
            Assert.Equal(-Libc.EEXIST, error);
            Assert.Equal(0, ring.Library.io_uring_free_buf_ring(ring.Ring, buffers, Entries, 1));
        }
        Assert.InRange(TestRing.MappedBytes() - before, long.MinValue, Rounds * (long)Entries * 16 / 2);
    }

    public static TheoryData<string> Both => Libraries.Both;

    [Theory, MemberData(nameof(Both))]
    public void A_provided_buffer_is_taken_and_counted(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var pipe = new Pipe();
        using var memory = new Pages(4096);
        int error = 7;
        io_uring_buf_ring* buffers = ring.Library.io_uring_setup_buf_ring(ring.Ring, 8, 3, 0, &error);
        Assert.True(buffers != null);
        Assert.Equal(0, error);
        Assert.Equal(0, buffers->tail);
        Assert.Equal(-ENOBUFS, ReadSelected(ring, pipe, 3).Result);
        ushort head = 9;
        Assert.Equal(0, ring.Library.io_uring_buf_ring_head(ring.Ring, 3, &head));
        Assert.Equal(0, head);

        for (ushort i = 0; i < 2; i++)
        {
            // Not through the whole struct: the reserved word of the first is the ring's tail.
            buffers->bufs[i].addr = (ulong)(memory.Address + (i * 100));
            buffers->bufs[i].len = 100;
            buffers->bufs[i].bid = (ushort)(20 + i);
        }
        Volatile.Write(ref buffers->tail, 2);
        for (uint i = 0; i < 2; i++)
        {
            (_, int result, uint flags) = ReadSelected(ring, pipe, 3);
            Assert.Equal(1, result);
            Assert.Equal(20 + i, flags >> IORING_CQE_BUFFER_SHIFT);
            Assert.Equal(0, ring.Library.io_uring_buf_ring_head(ring.Ring, 3, &head));
            Assert.Equal(i + 1, head);
        }
        Assert.Equal((42, 42), (memory.Address[0], memory.Address[100]));

        Assert.Equal(-Libc.ENOENT, ring.Library.io_uring_buf_ring_head(ring.Ring, 4, &head));
        Assert.Equal(2, head);
        Assert.Equal(-Libc.ENOENT, ring.Library.io_uring_free_buf_ring(ring.Ring, buffers, 8, 4));
        Assert.True(TestRing.IsMapped(buffers));
        Assert.Equal(0, ring.Library.io_uring_free_buf_ring(ring.Ring, buffers, 8, 3));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_buffer_ring_that_cannot_be_is_null_and_an_errno(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        int error = 7;
        foreach (uint entries in new[] { 0u, 7u, 65_536u })
        {
            error = 7;
            Assert.True(ring.Library.io_uring_setup_buf_ring(ring.Ring, entries, 1, 0, &error) == null);
            Assert.Equal(-Libc.EINVAL, error);
        }
        Assert.True(ring.Library.io_uring_setup_buf_ring(ring.Ring, 8, 1, 1u << 15, &error) == null);
        Assert.Equal(-Libc.EINVAL, error);
        io_uring_buf_ring* buffers = ring.Library.io_uring_setup_buf_ring(ring.Ring, 8, 1, 0, &error);
        Assert.True(buffers != null);
        Assert.True(ring.Library.io_uring_setup_buf_ring(ring.Ring, 8, 1, 0, &error) == null);
        Assert.Equal(-Libc.EEXIST, error);
        Assert.Equal(0, ring.Library.io_uring_free_buf_ring(ring.Ring, buffers, 8, 1));
        Assert.Equal(-Libc.ENOENT, ring.Library.io_uring_unregister_buf_ring(ring.Ring, 1));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_buffer_ring_in_the_callers_memory_is_consumed_bit_by_bit_when_asked(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var pipe = new Pipe();
        using var memory = new Pages(2 * 4096);
        var buffers = (io_uring_buf_ring*)memory.Address;
        var registration = new io_uring_buf_reg { ring_addr = (ulong)buffers, ring_entries = 4, bgid = 9 };
        registration.flags = 1 << 15; // no such flag: the structure's count as well
        Assert.Equal(
            -Libc.EINVAL, ring.Library.io_uring_register_buf_ring(ring.Ring, &registration, 0));
        registration.flags = 0;
        Assert.Equal(0, ring.Library.io_uring_register_buf_ring(
            ring.Ring, &registration, (uint)io_uring_register_pbuf_ring_flags.IOU_PBUF_RING_INC));
        buffers->bufs[0].addr = (ulong)(memory.Address + 4096);
        buffers->bufs[0].len = 100;
        Volatile.Write(ref buffers->tail, 1);
        for (int i = 0; i < 3; i++)
        {
            (_, int result, uint flags) = ReadSelected(ring, pipe, 9);
            Assert.Equal(1, result);
            Assert.Equal(IORING_CQE_F_BUF_MORE, flags & IORING_CQE_F_BUF_MORE);
        }
        Assert.Equal((42, 42, 42, 0),
            (memory.Address[4096], memory.Address[4097], memory.Address[4098], memory.Address[4099]));
        Assert.Equal(0, ring.Library.io_uring_unregister_buf_ring(ring.Ring, 9));
    }

    // liburing 2.9 gives memory that the kernel does not look at.
    [Fact]
    public void A_buffer_ring_in_the_kernels_memory_is_mapped()
    {
        const uint InKernel = (uint)io_uring_register_pbuf_ring_flags.IOU_PBUF_RING_MMAP;
        using var ring = new TestRing(Libraries.Get("ours"), 4);
        using var pipe = new Pipe();
        using var memory = new Pages(4096);
        int error = 7;
        Assert.True(io_uring_setup_buf_ring(ring.Ring, 7, 3, InKernel, &error) == null);
        Assert.Equal(-Libc.EINVAL, error);
        int mappings = TestRing.MappingsCount("[io_uring]");
        io_uring_buf_ring* other = io_uring_setup_buf_ring(ring.Ring, 8, 0, InKernel, &error);
        io_uring_buf_ring* buffers = io_uring_setup_buf_ring(ring.Ring, 1024, 2047, InKernel, &error);
        Assert.Equal(0, error);
        Assert.True(buffers != null && other != null);
        Assert.Equal(mappings + 2, TestRing.MappingsCount("[io_uring]"));
        Assert.Equal(0u, buffers->bufs[1023].len);
        buffers->bufs[0].addr = (ulong)memory.Address;
        buffers->bufs[0].len = 100;
        buffers->bufs[0].bid = 21;
        Volatile.Write(ref buffers->tail, 1);
        (_, int result, uint flags) = ReadSelected(ring, pipe, 2047);
        Assert.Equal((1, 21u), (result, flags >> IORING_CQE_BUFFER_SHIFT));
        Assert.Equal(42, memory.Address[0]);
        Assert.Equal(0, io_uring_free_buf_ring(ring.Ring, buffers, 1024, 2047));
        Assert.Equal(0, io_uring_free_buf_ring(ring.Ring, other, 8, 0));
        Assert.Equal(mappings, TestRing.MappingsCount("[io_uring]"));

        // Larger numbers have no place in an offset to map at.
        Assert.True(io_uring_setup_buf_ring(ring.Ring, 8, 2048, InKernel, &error) == null);
        Assert.Equal(-Libc.EINVAL, error);
        Assert.Equal(-Libc.ENOENT, io_uring_unregister_buf_ring(ring.Ring, 2048));

        // Without a descriptor nothing can be mapped, and nothing is registered.
        Assert.Equal(1, io_uring_register_ring_fd(ring.Ring));
        Assert.Equal(1, io_uring_close_ring_fd(ring.Ring));
        Assert.True(io_uring_setup_buf_ring(ring.Ring, 8, 3, InKernel, &error) == null);
        Assert.Equal(-Libc.EBADF, error);
        Assert.Equal(-Libc.ENOENT, io_uring_unregister_buf_ring(ring.Ring, 3));
    }

    // The descriptor is another's: the kernel registers by the index, and the mapping fails.
    [Fact]
    public void A_buffer_ring_in_the_kernels_memory_that_cannot_be_mapped_is_unregistered()
    {
        const uint InKernel = (uint)io_uring_register_pbuf_ring_flags.IOU_PBUF_RING_MMAP;
        using var ring = new TestRing(Libraries.Get("ours"), 4);
        int error = 7;
        Assert.Equal(1, io_uring_register_ring_fd(ring.Ring));
        int fd = ring.Ring->ring_fd;
        ring.Ring->ring_fd = 1_000_000;
        Assert.True(io_uring_setup_buf_ring(ring.Ring, 8, 3, InKernel, &error) == null);
        ring.Ring->ring_fd = fd;
        Assert.Equal(-Libc.EBADF, error);
        Assert.Equal(-Libc.ENOENT, io_uring_unregister_buf_ring(ring.Ring, 3));
    }

    private static (ulong UserData, int Result, uint Flags) ReadSelected(
        TestRing ring, Pipe pipe, ushort group)
    {
        pipe.Write(42);
        io_uring_sqe* sqe = ring.Read(1, pipe.ReadEnd, null, 1);
        sqe->flags = (byte)IOSQE_BUFFER_SELECT;
        sqe->buf_group = group;
        return ring.Run();
    }
}
