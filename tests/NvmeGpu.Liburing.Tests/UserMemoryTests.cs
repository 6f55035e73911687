using System;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>IORING_SETUP_NO_MMAP: the ring in memory of the process.</summary>
public unsafe class UserMemoryTests
{
    public static TheoryData<string> Both => Libraries.Both;

    // Entries and queues on pages of their own: 64 bytes an entry; 64 bytes and 16 a completion.
    [Theory]
    [InlineData(1, 0, 0, 8_192)]
    [InlineData(8, 0, 0, 8_192)]
    [InlineData(64, 0, 0, 8_192)]
    [InlineData(100, 0, 0, 16_384)]
    [InlineData(4_096, 0, 0, 397_312)]
    [InlineData(64, IORING_SETUP_SQE128, 0, 12_288)]
    [InlineData(64, IORING_SETUP_CQE32, 0, 12_288)]
    [InlineData(64, IORING_SETUP_NO_SQARRAY, 0, 8_192)]
    [InlineData(64, IORING_SETUP_CQSIZE, 192, 12_288)]
    [InlineData(64, IORING_SETUP_REGISTERED_FD_ONLY, 0, 8_192)]
    [InlineData(40_000, IORING_SETUP_CLAMP, 0, 3_149_824)]
    public void A_ring_in_the_callers_memory_says_what_it_took_and_works(
        uint entries, uint flags, uint cqEntries, int used)
    {
        Assert.SkipUnless(Environment.SystemPageSize == 4096, "the figures are for pages of 4096 bytes");
        foreach (string library in new[] { "ours", "liburing" })
        {
            Library uring = Libraries.Get(library);
            using var memory = new Pages(used + 4096);
            using var ring = new TestRing(uring);
            Assert.Equal(-Libc.ENOMEM, Make(uring, ring, memory, used - 1, entries, flags, cqEntries));
            new Span<byte>(memory.Address, used).Clear();
            Assert.Equal(used, Make(uring, ring, memory, used, entries, flags, cqEntries));
            Assert.True(ring.Ring->sq.sqes == memory.Address);
            Assert.True((byte*)ring.Ring->sq.ring_ptr > memory.Address
                && (byte*)ring.Ring->sq.ring_ptr < memory.Address + used);
            Assert.True(ring.Ring->cq.ring_ptr == ring.Ring->sq.ring_ptr);

            for (int round = 0; round < 5; round++)
            {
                ring.Nops(7, 1);
                Assert.Equal(1, uring.io_uring_submit(ring.Ring));
                Assert.Equal([7UL], ring.TakeAll());
            }
            Assert.Equal(new byte[4096], new Span<byte>(memory.Address + used, 4096).ToArray());

            int fd = ring.Ring->ring_fd;
            Assert.Equal((flags & IORING_SETUP_REGISTERED_FD_ONLY) != 0, fd == -1);
            uring.io_uring_queue_exit(ring.Ring);
            Assert.False(TestRing.IsOpen(fd));
            Assert.True(TestRing.IsMapped(memory.Address)); // the caller's
        }
    }

    [Theory, MemberData(nameof(Both))]
    public void Two_rings_share_a_buffer_by_the_first_ones_result(string library)
    {
        Library uring = Libraries.Get(library);
        using var memory = new Pages(4 * 8192);
        using var first = new TestRing(uring);
        using var second = new TestRing(uring);
        int used = Make(uring, first, memory, memory.Bytes, 8, 0, 0);
        io_uring_params p = default;
        Assert.Equal(used, uring.io_uring_queue_init_mem(
            8, second.Ring, &p, memory.Address + used, (nuint)(memory.Bytes - used)));
        Assert.Equal(IORING_SETUP_NO_MMAP, p.flags & IORING_SETUP_NO_MMAP);
        first.Nops(1, 8);
        second.Nops(101, 8);
        Assert.Equal(8, uring.io_uring_submit(first.Ring));
        Assert.Equal(8, uring.io_uring_submit(second.Ring));
        Assert.Equal(TestRing.Numbers(1, 8), first.TakeAll());
        Assert.Equal(TestRing.Numbers(101, 8), second.TakeAll());
        uring.io_uring_queue_exit(first.Ring);
        uring.io_uring_queue_exit(second.Ring);
    }

    [Theory, MemberData(nameof(Both))]
    public void Memory_that_is_too_small_or_not_on_a_page_is_refused(string library)
    {
        Library uring = Libraries.Get(library);
        using var memory = new Pages(65_536);
        using var ring = new TestRing(uring);
        int free = SetupTests.NextDescriptor();
        io_uring_params p = default;
        Assert.Equal(-Libc.ENOMEM, uring.io_uring_queue_init_mem(8, ring.Ring, &p, memory.Address, 0));
        p = default;
        Assert.Equal(
            -Libc.EINVAL, uring.io_uring_queue_init_mem(8, ring.Ring, &p, memory.Address + 64, 32_768));
        p = default;
        p.flags = IORING_SETUP_CQSIZE;
        p.cq_entries = 70_000; // more than there can be, whatever the memory
        Assert.Equal(-Libc.EINVAL, uring.io_uring_queue_init_mem(8, ring.Ring, &p, memory.Address, 8_192));
        p = default;
        Assert.Equal(-Libc.EINVAL, uring.io_uring_queue_init_mem(0, ring.Ring, &p, memory.Address, 32_768));
        Assert.Equal(free, SetupTests.NextDescriptor());
    }

    // liburing wants a huge page for this as well, and none may be set aside: ours alone.
    [Theory]
    [InlineData(0u)]
    [InlineData(IORING_SETUP_REGISTERED_FD_ONLY)]
    public void A_small_ring_without_a_buffer_gets_two_pages_and_gives_them_back(uint flags)
    {
        Library uring = Libraries.Get("ours");
        using var ring = new TestRing(uring);
        int free = SetupTests.NextDescriptor();
        Assert.Equal(0, uring.io_uring_queue_init(64, ring.Ring, IORING_SETUP_NO_MMAP | flags));
        Assert.Equal(flags != 0, ring.Ring->ring_fd == -1);
        int mappings = MappedPagesCount();
        ring.Nops(1, 32);
        Assert.Equal(32, uring.io_uring_submit(ring.Ring));
        Assert.Equal(TestRing.Numbers(1, 32), ring.TakeAll());
        uring.io_uring_queue_exit(ring.Ring);
        Assert.Equal(mappings - 2, MappedPagesCount());
        Assert.Equal(free, SetupTests.NextDescriptor());
    }

    [Fact]
    public void A_small_ring_that_the_kernel_refuses_gives_its_pages_back()
    {
        Library uring = Libraries.Get("ours");
        using var ring = new TestRing(uring);
        int before = MappedPagesCount();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(
                -Libc.EINVAL, uring.io_uring_queue_init(8, ring.Ring, IORING_SETUP_NO_MMAP | (1u << 30)));
            Assert.True(ring.Ring->sq.sqes == null && ring.Ring->sq.ring_ptr == null);
        }
        Assert.Equal(before, MappedPagesCount());
    }

    // 300: one huge page for both pieces; 32768: one each.
    [Theory]
    [InlineData(300u, 1)]
    [InlineData(32_768u, 2)]
    public void A_larger_ring_without_a_buffer_gets_huge_pages_and_gives_them_back(uint entries, int pages)
    {
        Library uring = Libraries.Get("ours");
        using var reserve = new HugePages(2);
        Requirement.Hardware(HugePages.FreeCount >= 2, reserve.WhyNot);
        using var ring = new TestRing(uring);
        int free = HugePages.FreeCount;
        Assert.Equal(0, uring.io_uring_queue_init(entries, ring.Ring, IORING_SETUP_NO_MMAP));
        ring.Nops(1, 300);
        Assert.Equal(300, uring.io_uring_submit(ring.Ring));
        Assert.Equal(TestRing.Numbers(1, 300), ring.TakeAll());
        Assert.Equal(0, uring.io_uring_ring_dontfork(ring.Ring));
        Assert.Equal(free - pages, HugePages.FreeCount);
        int mappings = TestRing.MappingsCount("/anon_hugepage");
        uring.io_uring_queue_exit(ring.Ring);
        Assert.Equal(mappings - pages, TestRing.MappingsCount("/anon_hugepage"));
        // The kernel lets its own hold on them go a little later.
        Assert.True(System.Threading.SpinWait.SpinUntil(() => HugePages.FreeCount == free, 5_000));
    }

    // Many completions for few entries, and what no huge page holds.
    [Fact]
    public void Huge_pages_are_for_either_piece_that_is_larger_than_a_page_and_not_larger_than_they()
    {
        Library uring = Libraries.Get("ours");
        using var reserve = new HugePages(2);
        Requirement.Hardware(HugePages.FreeCount >= 2, reserve.WhyNot);
        int mappings = TestRing.MappingsCount("/anon_hugepage");
        using (var ring = new TestRing(uring, 8, IORING_SETUP_NO_MMAP, cqEntries: 4_096))
        {
            Assert.Equal(mappings + 1, TestRing.MappingsCount("/anon_hugepage"));
            ring.Nops(1, 8);
            Assert.Equal(8, uring.io_uring_submit(ring.Ring));
        }
        Assert.Equal(mappings, TestRing.MappingsCount("/anon_hugepage"));
        using var none = new TestRing(uring);
        foreach (uint shape in new[] { IORING_SETUP_SQE128, IORING_SETUP_CQE32 })
        {
            Assert.Equal(
                -Libc.ENOMEM, uring.io_uring_queue_init(32_768, none.Ring, IORING_SETUP_NO_MMAP | shape));
        }
        Assert.Equal(mappings, TestRing.MappingsCount("/anon_hugepage"));
    }

    [Fact]
    public void The_first_huge_page_is_given_back_where_there_is_no_second()
    {
        Library uring = Libraries.Get("ours");
        using var reserve = new HugePages(1);
        Requirement.Hardware(HugePages.FreeCount >= 1, reserve.WhyNot);
        Assert.SkipUnless(HugePages.FreeCount == 1, "more huge pages are set aside here");
        using var ring = new TestRing(uring);
        int mappings = TestRing.MappingsCount("/anon_hugepage");
        Assert.Equal(-Libc.ENOMEM, uring.io_uring_queue_init(32_768, ring.Ring, IORING_SETUP_NO_MMAP));
        Assert.Equal(mappings, TestRing.MappingsCount("/anon_hugepage"));
    }

    [Fact]
    public void Of_the_callers_memory_only_what_the_ring_took_is_kept_out_of_child_processes()
    {
        Library uring = Libraries.Get("ours");
        using var memory = new Pages(4 * 4096);
        using var ring = new TestRing(uring);
        Assert.Equal(8_192, Make(uring, ring, memory, memory.Bytes, 8, 0, 0));
        Assert.Equal(0, io_uring_ring_dontfork(ring.Ring));
        Assert.Contains(" dc", SetupTests.VmFlags(memory.Address));
        Assert.Equal("not mapped", SetupTests.VmFlags(memory.Address + 4096)); // not a mapping of its own
        Assert.DoesNotContain(" dc", SetupTests.VmFlags(memory.Address + 8192));
        uring.io_uring_queue_exit(ring.Ring);
    }

    [Theory, MemberData(nameof(Both))]
    public void Without_huge_pages_a_larger_ring_is_ENOMEM(string library)
    {
        Library uring = Libraries.Get(library);
        // Those of a test before this may be held by the kernel a little longer.
        _ = System.Threading.SpinWait.SpinUntil(() => HugePages.FreeCount == 0, 2_000);
        Requirement.Hardware(HugePages.FreeCount == 0, "huge pages are set aside here");
        using var ring = new TestRing(uring);
        Assert.Equal(-Libc.ENOMEM, uring.io_uring_queue_init(300, ring.Ring, IORING_SETUP_NO_MMAP));
        Assert.Equal(-Libc.ENOMEM, uring.io_uring_queue_init(
            32_768, ring.Ring, IORING_SETUP_NO_MMAP | IORING_SETUP_SQE128)); // no huge page is so large
        if (ring.Library.IsOurs)
        {
            Assert.True(ring.Ring->sq.sqes == null && ring.Ring->sq.ring_ptr == null);
        }
    }

    // Shared anonymous memory has this name; neighbours are not merged, each has its own.
    private static int MappedPagesCount() => TestRing.MappingsCount("/dev/zero");

    private static int Make(
        Library uring, TestRing ring, Pages memory, int bytes, uint entries, uint flags, uint cqEntries)
    {
        io_uring_params p = default;
        p.flags = flags;
        p.cq_entries = cqEntries;
        return uring.io_uring_queue_init_mem(entries, ring.Ring, &p, memory.Address, (nuint)bytes);
    }
}
