using System.Text;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>The table of registered memory.</summary>
public unsafe class RegisterBuffersTests
{
    public static TheoryData<string> Both => Libraries.Both;

    [Theory, MemberData(nameof(Both))]
    public void A_fixed_read_goes_into_the_registered_memory(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var memory = new Pages(3 * 4096);
        using var file = new DataFile("0123456789");
        iovec* pieces = stackalloc iovec[2];
        pieces[0] = new iovec { iov_base = memory.Address, iov_len = 4096 };
        pieces[1] = new iovec { iov_base = memory.Address + 8192, iov_len = 4096 };
        Assert.Equal(-Libc.EFAULT, ReadFixed(ring, file, memory.Address, 0, 4));
        Assert.Equal(0, ring.Library.io_uring_register_buffers(ring.Ring, pieces, 2));
        Assert.Equal(-Libc.EBUSY, ring.Library.io_uring_register_buffers(ring.Ring, pieces, 2));
        Assert.Equal(4, ReadFixed(ring, file, memory.Address + 8192 + 10, 1, 4));
        Assert.Equal("0123", Encoding.ASCII.GetString(memory.Address + 8192 + 10, 4));
        Assert.Equal(-Libc.EFAULT, ReadFixed(ring, file, memory.Address + 8192, 0, 4)); // the other's index
        Assert.Equal(0, ring.Library.io_uring_unregister_buffers(ring.Ring));
        Assert.Equal(-Libc.ENXIO, ring.Library.io_uring_unregister_buffers(ring.Ring));
        Assert.Equal(-Libc.EFAULT, ReadFixed(ring, file, memory.Address, 0, 4));
    }

    [Theory, MemberData(nameof(Both))]
    public void Tags_are_posted_when_memory_is_let_go_and_places_are_updated(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        using var memory = new Pages(3 * 4096);
        using var file = new DataFile("0123456789");
        iovec* pieces = stackalloc iovec[2];
        ulong* tags = stackalloc ulong[2];
        pieces[0] = new iovec { iov_base = memory.Address, iov_len = 4096 };
        pieces[1] = new iovec { iov_base = memory.Address + 4096, iov_len = 4096 };
        (tags[0], tags[1]) = (71, 72);
        Assert.Equal(0, ring.Library.io_uring_register_buffers_tags(ring.Ring, pieces, tags, 2));
        Assert.Equal(3, ReadFixed(ring, file, memory.Address + 4096, 1, 3));

        pieces[0].iov_base = memory.Address + 8192;
        tags[0] = 73;
        Assert.Equal(1, ring.Library.io_uring_register_buffers_update_tag(ring.Ring, 1, pieces, tags, 1));
        Assert.Equal(72UL, ring.Take().UserData);
        Assert.Equal(3, ReadFixed(ring, file, memory.Address + 8192, 1, 3));
        Assert.Equal(-Libc.EFAULT, ReadFixed(ring, file, memory.Address + 4096, 1, 3));
        Assert.Equal(
            -Libc.EINVAL, ring.Library.io_uring_register_buffers_update_tag(ring.Ring, 2, pieces, tags, 1));
        Assert.Equal(0, ring.Library.io_uring_unregister_buffers(ring.Ring));
        Assert.Equal([71UL, 73UL], ring.TakeAllSorted());
    }

    [Theory, MemberData(nameof(Both))]
    public void An_empty_table_of_memory_is_filled_later(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var memory = new Pages(4096);
        using var file = new DataFile("0123456789");
        var piece = new iovec { iov_base = memory.Address, iov_len = 4096 };
        Assert.Equal(
            -Libc.ENXIO, ring.Library.io_uring_register_buffers_update_tag(ring.Ring, 0, &piece, null, 1));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_buffers_sparse(ring.Ring, 0));
        Assert.Equal(0, ring.Library.io_uring_register_buffers_sparse(ring.Ring, 5));
        Assert.Equal(-Libc.EFAULT, ReadFixed(ring, file, memory.Address, 4, 5));
        Assert.Equal(1, ring.Library.io_uring_register_buffers_update_tag(ring.Ring, 4, &piece, null, 1));
        Assert.Equal(5, ReadFixed(ring, file, memory.Address, 4, 5));
    }

    [Theory, MemberData(nameof(Both))]
    public void Registered_memory_is_cloned_whole_in_part_and_from_an_index(string library)
    {
        Library uring = Libraries.Get(library);
        using var source = new TestRing(uring, 4);
        using var target = new TestRing(uring, 4);
        using var memory = new Pages(2 * 4096);
        using var file = new DataFile("0123456789");
        iovec* pieces = stackalloc iovec[2];
        pieces[0] = new iovec { iov_base = memory.Address, iov_len = 4096 };
        pieces[1] = new iovec { iov_base = memory.Address + 4096, iov_len = 4096 };
        Assert.Equal(-Libc.ENXIO, uring.io_uring_clone_buffers(target.Ring, source.Ring));
        Assert.Equal(0, uring.io_uring_register_buffers(source.Ring, pieces, 2));
        Assert.Equal(0, uring.io_uring_clone_buffers(target.Ring, source.Ring));
        Assert.Equal(-Libc.EBUSY, uring.io_uring_clone_buffers(target.Ring, source.Ring));
        Assert.Equal(7, ReadFixed(target, file, memory.Address + 4096, 1, 7));

        // Place 1 of the source at place 0 of the target; the source only known by its index.
        Assert.Equal(1, uring.io_uring_register_ring_fd(source.Ring));
        Assert.Equal(1, uring.io_uring_close_ring_fd(source.Ring));
        Assert.Equal(0, uring.io_uring_clone_buffers_offset(
            target.Ring, source.Ring, 0, 1, 1, (uint)IORING_REGISTER_DST_REPLACE));
        Assert.Equal(6, ReadFixed(target, file, memory.Address + 4096, 0, 6));
        Assert.Equal(-Libc.EFAULT, ReadFixed(target, file, memory.Address, 0, 6));
        Assert.Equal(
            -Libc.EINVAL, uring.io_uring_clone_buffers_offset(target.Ring, source.Ring, 0, 0, 1, 1u << 20));
    }

    private static int ReadFixed(TestRing ring, DataFile file, void* address, ushort index, uint bytes)
    {
        io_uring_sqe* sqe = ring.Sqe(io_uring_op.IORING_OP_READ_FIXED, 1);
        sqe->fd = file.Descriptor;
        sqe->addr = (ulong)address;
        sqe->len = bytes;
        sqe->buf_index = index;
        return ring.Run().Result;
    }
}
