using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

public unsafe class SetupTests
{
    public static TheoryData<string> Both => Libraries.Both;

    [Theory, MemberData(nameof(Both))]
    public void A_ring_has_entries_rounded_up_and_twice_as_many_completions(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 5);
        Assert.Equal((8u, 7u), (ring.Ring->sq.ring_entries, ring.Ring->sq.ring_mask));
        Assert.Equal((16u, 15u), (ring.Ring->cq.ring_entries, ring.Ring->cq.ring_mask));
        Assert.Equal(ring.Ring->ring_fd, ring.Ring->enter_ring_fd);
        Assert.NotEqual(0u, ring.Ring->features & IORING_FEAT_NODROP);
        Assert.NotEqual(0u, ring.Ring->flags & IORING_SETUP_NO_SQARRAY);
        Assert.True(ring.Ring->sq.array == null);
        Assert.True(ring.Ring->cq.kflags != null);
    }

    [Theory, MemberData(nameof(Both))]
    public void Queue_init_takes_flags_and_params_take_and_give_all(string library)
    {
        Library uring = Libraries.Get(library);
        using var ring = new TestRing(uring);
        Assert.Equal(0, uring.io_uring_queue_init(4, ring.Ring, IORING_SETUP_CQE32));
        Assert.NotEqual(0u, ring.Ring->flags & IORING_SETUP_CQE32);
        uring.io_uring_queue_exit(ring.Ring);

        io_uring_params p = default;
        p.flags = IORING_SETUP_CQSIZE;
        p.cq_entries = 100;
        Assert.Equal(0, uring.io_uring_queue_init_params(4, ring.Ring, &p));
        Assert.Equal((4u, 128u, ring.Ring->features), (p.sq_entries, p.cq_entries, p.features));
        Assert.Equal(ring.Ring->flags, p.flags);
        Assert.Equal(128u, ring.Ring->cq.ring_entries);
        uring.io_uring_queue_exit(ring.Ring);
    }

    [Theory, MemberData(nameof(Both))]
    public void A_ring_that_cannot_be_is_an_errno_and_leaves_no_descriptor(string library)
    {
        Library uring = Libraries.Get(library);
        using var ring = new TestRing(uring);
        int free = NextDescriptor();
        Assert.Equal(-Libc.EINVAL, uring.io_uring_queue_init(0, ring.Ring, 0));
        Assert.Equal(-Libc.EINVAL, uring.io_uring_queue_init(40_000, ring.Ring, 0));
        Assert.Equal(-Libc.EINVAL, uring.io_uring_queue_init(4, ring.Ring, 1u << 30));
        Assert.Equal(-Libc.EINVAL, uring.io_uring_queue_init(4, ring.Ring, IORING_SETUP_REGISTERED_FD_ONLY));
        Assert.Equal(free, NextDescriptor());
        Assert.Equal(0, uring.io_uring_queue_init(40_000, ring.Ring, IORING_SETUP_CLAMP));
        Assert.Equal(32_768u, ring.Ring->sq.ring_entries);
        uring.io_uring_queue_exit(ring.Ring);
        Assert.Equal(free, NextDescriptor());
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(IORING_SETUP_SQE128)]
    [InlineData(IORING_SETUP_CQE32)]
    [InlineData(IORING_SETUP_SQE128 | IORING_SETUP_CQE32)]
    [InlineData(IORING_SETUP_SQPOLL)]
    [InlineData(IORING_SETUP_IOPOLL)]
    [InlineData(IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG)]
    [InlineData(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG)]
    public void A_ring_of_each_shape_carries_many_times_its_size(uint flags)
    {
        foreach (string library in new[] { "ours", "liburing" })
        {
            using var ring = new TestRing(Libraries.Get(library), 4, flags, idleMilliseconds: 100);
            for (int round = 0; round < 20; round++)
            {
                ulong first = (ulong)round * 10;
                ring.Nops(first, 3);
                Assert.Equal(3, ring.Library.io_uring_submit_and_wait(ring.Ring, 3));
                Assert.Equal(TestRing.Numbers(first, 3), ring.TakeAll());
            }
        }
    }

    [Theory, MemberData(nameof(Both))]
    public void A_disabled_ring_takes_nothing_until_it_is_enabled(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4, IORING_SETUP_R_DISABLED);
        ring.Nops(1, 1);
        Assert.Equal(-77 /* EBADFD */, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(0, ring.Library.io_uring_enable_rings(ring.Ring));
        Assert.Equal(-77, ring.Library.io_uring_enable_rings(ring.Ring));
        Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(1UL, ring.Take().UserData);
    }

    [Theory, MemberData(nameof(Both))]
    public void Exit_unmaps_and_closes(string library)
    {
        Library uring = Libraries.Get(library);
        using var ring = new TestRing(uring);
        Assert.Equal(0, uring.io_uring_queue_init(600, ring.Ring, IORING_SETUP_SQE128 | IORING_SETUP_CQE32));
        int mappings = TestRing.MappingsCount("[io_uring]");
        int fd = ring.Ring->ring_fd;
        byte* entries = (byte*)ring.Ring->sq.sqes;
        byte* queues = (byte*)ring.Ring->sq.ring_ptr;
        int entriesLast = (1024 * 128) - 1;
        int queuesLast = 64 + (2048 * 32) - 1;
        Assert.True(TestRing.IsMapped(entries) && TestRing.IsMapped(entries + entriesLast));
        Assert.True(TestRing.IsMapped(queues) && TestRing.IsMapped(queues + queuesLast));
        Assert.True(TestRing.IsOpen(fd));
        uring.io_uring_queue_exit(ring.Ring);
        Assert.Equal(mappings - 2, TestRing.MappingsCount("[io_uring]"));
        Assert.False(TestRing.IsOpen(fd));
    }

    [Theory, MemberData(nameof(Both))]
    public void Queues_of_a_ring_made_by_hand_are_mapped(string library)
    {
        Library uring = Libraries.Get(library);
        using var ring = new TestRing(uring);
        io_uring_params p = default;
        int fd = uring.io_uring_setup(4, &p);
        Assert.True(fd >= 0);
        Assert.Equal(0, uring.io_uring_queue_mmap(fd, &p, ring.Ring));
        Assert.True(ring.Ring->sq.array != null);
        Assert.Equal(0, ring.Ring->enter_ring_fd);
        ring.Ring->ring_fd = ring.Ring->enter_ring_fd = fd;
        ring.Ring->flags = p.flags;
        ring.Ring->features = p.features;
        if (!uring.IsOurs)
        {
            for (uint i = 0; i < 4; i++)
            {
                ring.Ring->sq.array[i] = i; // liburing leaves this to the caller; ours has done it
            }
        }
        ring.Nops(10, 3);
        Assert.Equal(3, uring.io_uring_submit(ring.Ring));
        Assert.Equal(TestRing.Numbers(10, 3), ring.TakeAll());
        uring.io_uring_queue_exit(ring.Ring);
        Assert.False(TestRing.IsOpen(fd));

        Assert.Equal(-Libc.EBADF, uring.io_uring_queue_mmap(-1, &p, ring.Ring));
        Assert.True(ring.Ring->sq.ring_ptr == null || !uring.IsOurs); // no pointer to what is not there
    }

    // liburing keeps the pointers, and closes descriptor 0.
    [Fact]
    public void A_ring_that_could_not_be_made_or_is_down_already_has_nothing_to_take_down()
    {
        const int DuplicateFrom = 1030; // F_DUPFD_CLOEXEC
        Library uring = Libraries.Get("ours");
        using var ring = new TestRing(uring);
        int kept = Libc.fcntl(0, DuplicateFrom, 100); // so that descriptor 0 comes back if this fails
        try
        {
            Assert.Equal(-Libc.EINVAL, uring.io_uring_queue_init(4, ring.Ring, 1u << 30));
            io_uring_queue_exit(ring.Ring);
            new Span<byte>(ring.Ring, sizeof(io_uring)).Clear();
            io_uring_queue_exit(ring.Ring);
            Assert.True(TestRing.IsOpen(0));

            Assert.Equal(0, uring.io_uring_queue_init(4, ring.Ring, 0));
            int ringDescriptor = ring.Ring->ring_fd;
            io_uring_queue_exit(ring.Ring);
            int next = Libc.eventfd(0, Libc.EFD_CLOEXEC);
            Assert.Equal(ringDescriptor, next); // somebody else's now
            io_uring_queue_exit(ring.Ring);
            Assert.True(TestRing.IsOpen(0) && TestRing.IsOpen(next));
            _ = Libc.close(next);
        }
        finally
        {
            if (!TestRing.IsOpen(0))
            {
                _ = Libc.fcntl(kept, DuplicateFrom, 0);
            }
            _ = Libc.close(kept);
        }
    }

    // There is address space for the queues, and none for so many entries: what was mapped is given back.
    [Fact]
    public void Queues_that_are_mapped_in_part_only_are_unmapped_and_forgotten()
    {
        const int AddressSpace = 9; // RLIMIT_AS
        Library uring = Libraries.Get("ours");
        using var ring = new TestRing(uring);
        io_uring_params p = default;
        int fd = uring.io_uring_setup(8, &p);
        int mappings = TestRing.MappingsCount("[io_uring]");
        p.sq_entries = 1 << 24; // 64 MiB of the queues, 1 GiB of entries
        rlimit before;
        Assert.Equal(0, Libc.getrlimit(AddressSpace, &before));
        foreach (uint features in new[] { p.features, p.features & ~IORING_FEAT_SINGLE_MMAP })
        {
            p.features = features;
            var lower = new rlimit
            {
                rlim_cur = (ulong)TestRing.MappedBytes() + (512 << 20),
                rlim_max = before.rlim_max,
            };
            Assert.Equal(0, Libc.setrlimit(AddressSpace, &lower));
            int error = uring.io_uring_queue_mmap(fd, &p, ring.Ring);
            Assert.Equal(0, Libc.setrlimit(AddressSpace, &before));
            Assert.Equal(-Libc.ENOMEM, error);
            Assert.Equal(mappings, TestRing.MappingsCount("[io_uring]"));
            Assert.True(ring.Ring->sq.ring_ptr == null && ring.Ring->cq.ring_ptr == null);
            Assert.True(ring.Ring->sq.sqes == null);
        }
        _ = Libc.close(fd);
    }

    [Theory, MemberData(nameof(Both))]
    public void An_old_kernels_three_mappings_are_made_and_undone(string library)
    {
        Library uring = Libraries.Get(library);
        using var ring = new TestRing(uring);
        io_uring_params p = default;
        int fd = uring.io_uring_setup(64, &p);
        p.features &= ~IORING_FEAT_SINGLE_MMAP;
        p.cq_off.flags = 0; // nor this word, before 5.8
        Assert.Equal(0, uring.io_uring_queue_mmap(fd, &p, ring.Ring));
        Assert.True(ring.Ring->cq.kflags == null);
        Assert.True(ring.Ring->cq.ring_ptr != ring.Ring->sq.ring_ptr);
        Assert.Equal((nuint)(p.sq_off.array + (64 * 4)), ring.Ring->sq.ring_sz);
        Assert.Equal((nuint)(p.cq_off.cqes + (128 * 16)), ring.Ring->cq.ring_sz);
        ring.Ring->ring_fd = ring.Ring->enter_ring_fd = fd;
        ring.Ring->flags = p.flags;
        ring.Ring->features = p.features;
        for (uint i = 0; i < 64; i++)
        {
            ring.Ring->sq.array[i] = i;
        }
        ring.Nops(10, 30);
        Assert.Equal(30, uring.io_uring_submit(ring.Ring));
        Assert.Equal(TestRing.Numbers(10, 30), ring.TakeAll());
        Assert.Equal(0, uring.io_uring_ring_dontfork(ring.Ring));
        Assert.Contains(" dc", VmFlags(ring.Ring->cq.ring_ptr));
        int mappings = TestRing.MappingsCount("[io_uring]");
        uring.io_uring_queue_exit(ring.Ring);
        Assert.Equal(mappings - 3, TestRing.MappingsCount("[io_uring]"));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_ring_is_kept_out_of_child_processes(string library)
    {
        Library uring = Libraries.Get(library);
        using var none = new TestRing(uring);
        Assert.Equal(-Libc.EINVAL, uring.io_uring_ring_dontfork(none.Ring));

        using var ring = new TestRing(uring, 8);
        // The kernel's ring mappings have the flag from the start on some versions: taken away first.
        _ = Libc.madvise(ring.Ring->sq.sqes, 512, 11 /* MADV_DOFORK */);
        _ = Libc.madvise(ring.Ring->sq.ring_ptr, 512, 11);
        Assert.DoesNotContain(" dc", VmFlags(ring.Ring->sq.sqes));
        Assert.Equal(0, uring.io_uring_ring_dontfork(ring.Ring));
        Assert.Contains(" dc", VmFlags(ring.Ring->sq.sqes));
        Assert.Contains(" dc", VmFlags(ring.Ring->sq.ring_ptr));
    }

    [Fact]
    public void A_ring_in_memory_of_ours_or_the_callers_is_kept_out_of_child_processes_too()
    {
        Library uring = Libraries.Get("ours");
        using var ring = new TestRing(uring, 8, IORING_SETUP_NO_MMAP);
        Assert.Equal(0, uring.io_uring_ring_dontfork(ring.Ring));
        Assert.Contains(" dc", VmFlags(ring.Ring->sq.sqes));
        Assert.Contains(" dc", VmFlags(ring.Ring->sq.ring_ptr));
    }

    [Theory, MemberData(nameof(Both))]
    public void The_version_is_that_of_the_headers(string library)
    {
        Library uring = Libraries.Get(library);
        Assert.Equal((2, 9), (uring.io_uring_major_version(), uring.io_uring_minor_version()));
        Assert.False(uring.io_uring_check_version(2, 9));
        Assert.False(uring.io_uring_check_version(2, 8));
        Assert.True(uring.io_uring_check_version(2, 10));
        Assert.False(uring.io_uring_check_version(1, 10));
        Assert.True(uring.io_uring_check_version(3, 0));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_probe_names_the_operations(string library)
    {
        Library uring = Libraries.Get(library);
        using var ring = new TestRing(uring, 2);
        io_uring_probe* own = uring.io_uring_get_probe();
        io_uring_probe* of = uring.io_uring_get_probe_ring(ring.Ring);
        Assert.True(own != null && of != null);
        Assert.Equal(own->last_op, of->last_op);
        Assert.True(own->last_op >= (byte)io_uring_op.IORING_OP_READ);
        Assert.Equal(own->last_op + 1, own->ops_len);
        Assert.Equal((ushort)IO_URING_OP_SUPPORTED, own->ops[(int)io_uring_op.IORING_OP_READ_FIXED].flags);
        uring.io_uring_free_probe(own);
        uring.io_uring_free_probe(of);
        uring.io_uring_free_probe(null);

        byte* few = stackalloc byte[16 + (3 * 8)];
        new Span<byte>(few, 16 + (3 * 8)).Clear();
        Assert.Equal(0, uring.io_uring_register_probe(ring.Ring, (io_uring_probe*)few, 3));
        Assert.Equal(3, ((io_uring_probe*)few)->ops_len);
        ring.Ring->ring_fd = -1;
        Assert.True(uring.io_uring_get_probe_ring(ring.Ring) == null);
        ring.Ring->ring_fd = ring.Ring->enter_ring_fd;
    }

    [Theory, MemberData(nameof(Both))]
    public void A_ring_takes_no_locked_memory_on_kernels_of_today(string library)
    {
        Library uring = Libraries.Get(library);
        int free = NextDescriptor();
        Assert.Equal(0, uring.io_uring_mlock_size(8, 0));
        Assert.Equal(0, uring.io_uring_mlock_size(4096, IORING_SETUP_SQE128));
        Assert.Equal(-Libc.EINVAL, uring.io_uring_mlock_size(0, 0));
        Assert.Equal(-Libc.EINVAL, uring.io_uring_mlock_size(40_000, 0));
        Assert.Equal(free, NextDescriptor());
    }

    // More entries than the trial ring may have: it fails, and the kernel counts as an old one, which locks
    // 2^n pages for each of the two pieces.
    [Theory]
    [InlineData(IORING_SETUP_CLAMP, 0, 2_097_152 + 2_097_152)] // 32768 * 64; 64 + 65536 * 16 + 32768 * 4
    [InlineData(IORING_SETUP_CLAMP | IORING_SETUP_SQE128, 0, 4_194_304 + 2_097_152)]
    [InlineData(IORING_SETUP_CLAMP | IORING_SETUP_CQE32, 0, 2_097_152 + 4_194_304)]
    [InlineData(IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE, 32_768, 2_097_152 + 1_048_576)]
    [InlineData(IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE, 100_000, 2_097_152 + 2_097_152)]
    [InlineData(IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE, 0, -22)]
    [InlineData(IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE, 4, -22)]
    [InlineData(IORING_SETUP_CQSIZE, 65_536, -22)]
    public void An_old_kernels_locked_memory_is_computed(uint flags, uint cqEntries, long bytes)
    {
        Assert.SkipUnless(Environment.SystemPageSize == 4096, "the figures are for pages of 4096 bytes");
        foreach (string library in new[] { "ours", "liburing" })
        {
            io_uring_params p = default;
            p.flags = flags;
            p.cq_entries = cqEntries;
            Assert.Equal(bytes, Libraries.Get(library).io_uring_mlock_size_params(40_000, &p));
        }
    }

    internal static string VmFlags(void* address)
    {
        bool isHere = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && ulong.TryParse(
                line.AsSpan(0, dash), System.Globalization.NumberStyles.HexNumber, null, out ulong from))
            {
                isHere = from == (ulong)address;
            }
            else if (isHere && line.StartsWith("VmFlags", StringComparison.Ordinal))
            {
                return line;
            }
        }
        return "not mapped";
    }

    /// <summary>The lowest descriptor that is free.</summary>
    internal static int NextDescriptor()
    {
        int fd = Libc.eventfd(0, Libc.EFD_CLOEXEC);
        _ = Libc.close(fd);
        return fd;
    }
}
