using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>Changing the size of a ring that is in use.</summary>
public unsafe class ResizeTests
{
    [Theory, MemberData(nameof(Both))]
    public void A_ring_is_resized_with_what_is_in_it(string library)
    {
        const uint Flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
        using var ring = new TestRing(Libraries.Get(library), 4, Flags);
        ring.Nops(1, 4);
        Assert.Equal(4, ring.Library.io_uring_submit_and_get_events(ring.Ring));
        ring.Nops(5, 2);
        Assert.Equal(2, ring.Library.io_uring_submit_and_get_events(ring.Ring));
        int mappings = TestRing.MappingsCount("[io_uring]");
        io_uring_params p = default;
        p.flags = IORING_SETUP_CQSIZE;
        p.sq_entries = 128;
        p.cq_entries = 1_024;
        Assert.Equal(0, ring.Library.io_uring_resize_rings(ring.Ring, &p));
        Assert.Equal((128u, 127u), (ring.Ring->sq.ring_entries, ring.Ring->sq.ring_mask));
        Assert.Equal((1_024u, 1_023u), (ring.Ring->cq.ring_entries, ring.Ring->cq.ring_mask));
        Assert.Equal(TestRing.Numbers(1, 6), ring.TakeAll());
        for (int round = 0; round < 10; round++)
        {
            ring.Nops(100, 100);
            Assert.Equal(100, ring.Library.io_uring_submit_and_wait(ring.Ring, 100));
            Assert.Equal(TestRing.Numbers(100, 100), ring.TakeAll());
        }
        p = default;
        p.sq_entries = 2;
        Assert.Equal(0, ring.Library.io_uring_resize_rings(ring.Ring, &p));
        Assert.Equal(4u, ring.Ring->cq.ring_entries);
        ring.Nops(7, 2);
        Assert.Equal(2, ring.Library.io_uring_submit_and_wait(ring.Ring, 2));
        Assert.Equal(TestRing.Numbers(7, 2), ring.TakeAll());
        Assert.Equal(IORING_FEAT_EXT_ARG, ring.Ring->features & IORING_FEAT_EXT_ARG);
        if (ring.Library.IsOurs)
        {
            // liburing 2.9 forgets the old entries.
            Assert.Equal(mappings, TestRing.MappingsCount("[io_uring]"));
        }

        p = default;
        p.sq_entries = 0;
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_resize_rings(ring.Ring, &p));
        using var other = new TestRing(ring.Library, 4);
        p.sq_entries = 8;
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_resize_rings(other.Ring, &p));
    }
    // liburing 2.9 loses the large entries and what is only prepared.
    [Theory]
    [InlineData(IORING_SETUP_SQE128 | IORING_SETUP_CQE32)]
    [InlineData(0u)]
    public void A_resized_ring_keeps_its_shape_and_what_is_prepared(uint shape)
    {
        const uint Flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
        using var ring = new TestRing(Libraries.Get("ours"), 4, Flags | shape);
        ring.Nops(1, 3);
        Assert.Equal(3, io_uring_submit_and_wait(ring.Ring, 3));
        ring.Nops(4, 3);
        io_uring_params p = default;
        p.sq_entries = 16;
        Assert.Equal(0, io_uring_resize_rings(ring.Ring, &p));
        Assert.Equal(3, io_uring_submit_and_wait(ring.Ring, 6));
        Assert.Equal(TestRing.Numbers(1, 6), ring.TakeAll());
        ring.Nops(10, 16);
        Assert.Equal(16, io_uring_submit_and_wait(ring.Ring, 16));
        Assert.Equal(TestRing.Numbers(10, 16), ring.TakeAll());

        Assert.Equal(1, io_uring_register_ring_fd(ring.Ring));
        Assert.Equal(1, io_uring_close_ring_fd(ring.Ring));
        Assert.Equal(-Libc.EBADF, io_uring_resize_rings(ring.Ring, &p));
        ring.Nops(10, 16);
        Assert.Equal(16, io_uring_submit_and_wait(ring.Ring, 16)); // as it was
    }

    public static TheoryData<string> Both => Libraries.Both;

    [Theory, MemberData(nameof(Both))]
    public void A_ring_in_memory_of_the_process_is_not_resized(string library)
    {
        Library uring = Libraries.Get(library);
        using var memory = new Pages(65_536);
        using var ring = new TestRing(uring);
        io_uring_params p = default;
        p.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
        Assert.True(uring.io_uring_queue_init_mem(4, ring.Ring, &p, memory.Address, 65_536) > 0);
        p = default;
        p.sq_entries = 8;
        Assert.Equal(-Libc.EINVAL, uring.io_uring_resize_rings(ring.Ring, &p));
        uring.io_uring_queue_exit(ring.Ring);
    }
}
