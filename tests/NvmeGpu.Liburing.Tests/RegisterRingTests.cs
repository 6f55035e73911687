using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>The ring as an index of the thread.</summary>
public unsafe class RegisterRingTests
{
    public static TheoryData<string> Both => Libraries.Both;

    [Theory, MemberData(nameof(Both))]
    public void A_registered_ring_is_used_by_its_index_also_without_a_descriptor(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        Library uring = ring.Library;
        int fd = ring.Ring->ring_fd;
        Assert.Equal(-Libc.EINVAL, uring.io_uring_unregister_ring_fd(ring.Ring));
        Assert.Equal(-Libc.EINVAL, uring.io_uring_close_ring_fd(ring.Ring));
        Assert.Equal(1, uring.io_uring_register_ring_fd(ring.Ring));
        Assert.Equal(-Libc.EEXIST, uring.io_uring_register_ring_fd(ring.Ring));
        Assert.InRange(ring.Ring->enter_ring_fd, 0, 15);
        Assert.NotEqual(fd, ring.Ring->enter_ring_fd);
        Assert.Equal(fd, ring.Ring->ring_fd);
        ring.Nops(1, 1);
        _ = ring.Run();
        Assert.Equal(1, uring.io_uring_unregister_ring_fd(ring.Ring));
        Assert.Equal(fd, ring.Ring->enter_ring_fd);
        ring.Nops(1, 1);
        _ = ring.Run();

        Assert.Equal(1, uring.io_uring_register_ring_fd(ring.Ring));
        Assert.Equal(1, uring.io_uring_close_ring_fd(ring.Ring));
        Assert.False(TestRing.IsOpen(fd));
        Assert.Equal(-Libc.EBADF, uring.io_uring_close_ring_fd(ring.Ring));
        Assert.Equal(-1, ring.Ring->ring_fd);
        ring.Nops(2, 1);
        Assert.Equal(2UL, ring.Run().UserData);
        Assert.Equal(0, uring.io_uring_register_buffers_sparse(ring.Ring, 2));
        Assert.Equal(0, uring.io_uring_unregister_buffers(ring.Ring));
        io_uring_cqe* cqe;
        Assert.Equal(-Libc.EAGAIN, uring.__io_uring_get_cqe(ring.Ring, &cqe, 0, 0, null));
        Assert.Equal(0, uring.io_uring_get_events(ring.Ring));
    }

    [Theory, MemberData(nameof(Both))]
    public void On_a_kernel_that_does_not_register_by_index_only_entering_uses_it(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        ring.Ring->features &= ~IORING_FEAT_REG_REG_RING;
        Assert.Equal(1, ring.Library.io_uring_register_ring_fd(ring.Ring));
        Assert.Equal(-Libc.EOPNOTSUPP, ring.Library.io_uring_close_ring_fd(ring.Ring));
        int fd = ring.Ring->ring_fd;
        ring.Ring->ring_fd = 1_000_000;
        Assert.Equal(-Libc.EBADF, ring.Library.io_uring_register_buffers_sparse(ring.Ring, 2));
        ring.Nops(2, 1);
        Assert.Equal(2UL, ring.Run().UserData);
        ring.Ring->ring_fd = fd;
        Assert.Equal(0, ring.Library.io_uring_register_buffers_sparse(ring.Ring, 2));
    }

    // A thread has 16 indices.
    [Theory, MemberData(nameof(Both))]
    public void Exit_gives_the_index_back(string library)
    {
        for (int i = 0; i < 40; i++)
        {
            using var ring = new TestRing(Libraries.Get(library), 1);
            Assert.Equal(1, ring.Library.io_uring_register_ring_fd(ring.Ring));
        }
    }
}
