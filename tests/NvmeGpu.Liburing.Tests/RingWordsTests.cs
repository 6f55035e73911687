using System;
using System.Collections.Generic;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>A ring in plain memory, without a kernel: its words can be set to anything.</summary>
public unsafe class RingWordsTests
{
    public static TheoryData<string> Both => Libraries.Both;

    [Theory, MemberData(nameof(Both))]
    public void Completions_are_read_across_two_to_the_32(string library)
    {
        using var memory = new Pages(8_192);
        io_uring* ring = Make(memory, 0);
        (*ring->cq.khead, *ring->cq.ktail) = (0xFFFF_FFFE, 2);
        io_uring_cqe** cqes = stackalloc io_uring_cqe*[8];
        Assert.Equal(4u, Libraries.Get(library).io_uring_peek_batch_cqe(ring, cqes, 8));
        Assert.True(cqes[0] == ring->cq.cqes + 6 && cqes[1] == ring->cq.cqes + 7);
        Assert.True(cqes[2] == ring->cq.cqes && cqes[3] == ring->cq.cqes + 1);
        io_uring_cqe* cqe;
        Assert.Equal(0, Libraries.Get(library).__io_uring_get_cqe(ring, &cqe, 0, 4, null));
        Assert.True(cqe == ring->cq.cqes + 6);
    }

    [Theory, MemberData(nameof(Both))]
    public void Entries_are_published_across_two_to_the_32(string library)
    {
        using var memory = new Pages(8_192);
        io_uring* ring = Make(memory, IORING_SETUP_SQPOLL); // and awake: no system call
        *ring->sq.khead = *ring->sq.ktail = ring->sq.sqe_head = 0xFFFF_FFFE;
        ring->sq.sqe_tail = 3;
        Assert.Equal(5, Libraries.Get(library).io_uring_submit(ring));
        Assert.Equal((3u, 3u), (*ring->sq.ktail, ring->sq.sqe_head));
        Assert.Equal(0xFFFF_FFFE, *ring->sq.khead);
        *ring->sq.khead = 1; // the kernel took three
        Assert.Equal(2, Libraries.Get(library).io_uring_submit(ring));
    }

    [Fact]
    public void A_time_limit_on_an_old_kernel_is_an_entry_of_its_own()
    {
        Libraries.RequireRings();
        using var memory = new Pages(8_192);
        io_uring* ring = Make(memory, IORING_SETUP_SQPOLL);
        *ring->sq.khead = *ring->sq.ktail = ring->sq.sqe_head = ring->sq.sqe_tail = 0xFFFF_FFFF;
        *ring->cq.ktail = 1; // a completion, so that nothing is waited for
        new Span<byte>(ring->sq.sqes, 8 * 64).Fill(0xFF);
        __kernel_timespec time = TestRing.Time(5_000);
        io_uring_cqe* cqe;
        Assert.Equal(0, io_uring_wait_cqes(ring, &cqe, 1, &time, null));
        Assert.Equal((0u, 0u), (*ring->sq.ktail, ring->sq.sqe_tail));
        io_uring_sqe expected = default;
        expected.opcode = (byte)io_uring_op.IORING_OP_TIMEOUT;
        expected.fd = -1;
        expected.addr = (ulong)&time;
        expected.len = 1;
        expected.off = 1;
        expected.user_data = LIBURING_UDATA_TIMEOUT;
        Assert.Equal(
            new Span<byte>(&expected, 64).ToArray(), new Span<byte>(ring->sq.sqes + 7, 64).ToArray());
        Assert.Equal(ulong.MaxValue, ring->sq.sqes[0].user_data); // untouched
    }

    [Fact]
    public void Only_an_old_kernels_timeout_is_taken_away_also_at_the_wrap()
    {
        using var memory = new Pages(8_192);
        io_uring* ring = Make(memory, 0);
        (*ring->cq.khead, *ring->cq.ktail) = (0xFFFF_FFFF, 1);
        ring->cq.cqes[7].user_data = LIBURING_UDATA_TIMEOUT;
        ring->cq.cqes[0].user_data = 5;
        ring->features = IORING_FEAT_EXT_ARG;
        io_uring_cqe* cqe;
        Assert.Equal(0, __io_uring_get_cqe(ring, &cqe, 0, 0, null));
        Assert.Equal(LIBURING_UDATA_TIMEOUT, cqe->user_data); // the caller's own number
        ring->features = 0;
        Assert.Equal(0, __io_uring_get_cqe(ring, &cqe, 0, 0, null));
        Assert.Equal(5UL, cqe->user_data);
        Assert.Equal(0u, *ring->cq.khead);
    }

    [Theory]
    [InlineData(0u, 1)]
    [InlineData(IORING_SETUP_CQE32, 2)]
    public void For_each_gives_what_is_there_at_its_start(uint shape, int step)
    {
        using var memory = new Pages(8_192);
        io_uring* ring = Make(memory, shape);
        var seen = new List<ulong>();
        foreach (io_uring_cqe* none in io_uring_for_each_cqe(ring))
        {
            seen.Add(none->user_data);
        }
        Assert.Empty(seen);

        (*ring->cq.khead, *ring->cq.ktail) = (0xFFFF_FFFD, 2);
        for (int i = 0; i < 8; i++)
        {
            ring->cq.cqes[i * step].user_data = (ulong)i;
        }
        foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(ring))
        {
            seen.Add(cqe->user_data);
            *ring->cq.ktail = 4; // for the next loop
        }
        Assert.Equal([5UL, 6, 7, 0, 1], seen);
        Assert.Equal(0xFFFF_FFFD, *ring->cq.khead);
    }

    /// <summary>Eight entries and eight completions.</summary>
    private static io_uring* Make(Pages memory, uint flags)
    {
        var ring = (io_uring*)memory.Address;
        uint* words = (uint*)(memory.Address + 512);
        ring->flags = flags;
        ring->ring_fd = ring->enter_ring_fd = -1;
        ring->sq.khead = words;
        ring->sq.ktail = words + 1;
        ring->sq.kflags = words + 2;
        ring->sq.sqes = (io_uring_sqe*)(memory.Address + 1024);
        ring->sq.ring_mask = 7;
        ring->sq.ring_entries = 8;
        ring->cq.khead = words + 3;
        ring->cq.ktail = words + 4;
        ring->cq.kflags = words + 5;
        ring->cq.cqes = (io_uring_cqe*)(memory.Address + 4096);
        ring->cq.ring_mask = 7;
        ring->cq.ring_entries = 8;
        return ring;
    }
}
