using System;
using System.IO;
using System.Text;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

public unsafe class RegisterTests
{
    private const int EBADFD = 77;
    private const int EOVERFLOW = 75;
    private const int ENOBUFS = 105;

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
        Assert.Equal([71UL, 73UL], Sorted(ring.TakeAll()));
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

    [Theory, MemberData(nameof(Both))]
    public void Registered_files_are_read_by_their_index(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var first = new DataFile("first");
        using var second = new DataFile("second file");
        int* files = stackalloc int[3];
        (files[0], files[1], files[2]) = (first.Descriptor, -1, second.Descriptor);
        Assert.Equal(-Libc.EBADF, ReadRegistered(ring, 0));
        Assert.Equal(0, ring.Library.io_uring_register_files(ring.Ring, files, 3));
        Assert.Equal(-Libc.EBUSY, ring.Library.io_uring_register_files(ring.Ring, files, 3));
        Assert.Equal(5, ReadRegistered(ring, 0));
        Assert.Equal(-Libc.EBADF, ReadRegistered(ring, 1));
        Assert.Equal(11, ReadRegistered(ring, 2));

        files[0] = -1;
        files[1] = first.Descriptor;
        Assert.Equal(2, ring.Library.io_uring_register_files_update(ring.Ring, 1, files, 2));
        Assert.Equal(-Libc.EBADF, ReadRegistered(ring, 1));
        Assert.Equal(5, ReadRegistered(ring, 2));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_files_update(ring.Ring, 3, files, 1));
        Assert.Equal(0, ring.Library.io_uring_unregister_files(ring.Ring));
        Assert.Equal(-Libc.ENXIO, ring.Library.io_uring_unregister_files(ring.Ring));
        Assert.Equal(-Libc.ENXIO, ring.Library.io_uring_register_files_update(ring.Ring, 0, files, 1));
        files[0] = 1_000_000;
        Assert.Equal(-Libc.EBADF, ring.Library.io_uring_register_files(ring.Ring, files, 1));
    }

    [Theory, MemberData(nameof(Both))]
    public void Tags_are_posted_when_files_are_let_go(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        using var file = new DataFile("first");
        int* files = stackalloc int[2];
        ulong* tags = stackalloc ulong[2];
        (files[0], files[1]) = (file.Descriptor, file.Descriptor);
        (tags[0], tags[1]) = (81, 82);
        Assert.Equal(0, ring.Library.io_uring_register_files_tags(ring.Ring, files, tags, 2));
        Assert.Equal(5, ReadRegistered(ring, 1));
        tags[0] = 83;
        Assert.Equal(1, ring.Library.io_uring_register_files_update_tag(ring.Ring, 1, files, tags, 1));
        Assert.Equal(82UL, ring.Take().UserData);
        Assert.Equal(0, ring.Library.io_uring_unregister_files(ring.Ring));
        Assert.Equal([81UL, 83UL], Sorted(ring.TakeAll()));
    }

    [Theory, MemberData(nameof(Both))]
    public void Direct_descriptors_are_taken_from_the_range(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var file = new DataFile("first");
        Assert.Equal(0, ring.Library.io_uring_register_files_sparse(ring.Ring, 10));
        Assert.Equal(-Libc.EBADF, ReadRegistered(ring, 0));
        Assert.Equal(0, ring.Library.io_uring_register_file_alloc_range(ring.Ring, 6, 2));
        Assert.Equal(6, OpenDirect(ring, file.Path));
        Assert.Equal(7, OpenDirect(ring, file.Path));
        Assert.Equal(-Libc.ENFILE, OpenDirect(ring, file.Path));
        Assert.Equal(5, ReadRegistered(ring, 7));
        Assert.Equal(-EOVERFLOW, ring.Library.io_uring_register_file_alloc_range(ring.Ring, uint.MaxValue, 2));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_file_alloc_range(ring.Ring, 9, 5));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_table_beyond_the_limit_of_files_raises_it_up_to_the_hard_one(string library)
    {
        Library uring = Libraries.Get(library);
        using var ring = new TestRing(uring, 4);
        rlimit before;
        rlimit now;
        Assert.Equal(0, Libc.getrlimit(Libc.RLIMIT_NOFILE, &before));
        var lower = new rlimit { rlim_cur = 300, rlim_max = before.rlim_max };
        int[] none = new int[600];
        Array.Fill(none, -1);
        ulong[] tags = new ulong[600];
        int[] results = new int[4];
        fixed (int* files = none)
        fixed (ulong* noTags = tags)
        {
            try
            {
                Assert.Equal(0, Libc.setrlimit(Libc.RLIMIT_NOFILE, &lower));
                results[0] = uring.io_uring_register_files_sparse(ring.Ring, 500);
                _ = Libc.getrlimit(Libc.RLIMIT_NOFILE, &now);
                _ = uring.io_uring_unregister_files(ring.Ring);
                _ = Libc.setrlimit(Libc.RLIMIT_NOFILE, &lower);
                results[1] = uring.io_uring_register_files(ring.Ring, files, 600);
                _ = uring.io_uring_unregister_files(ring.Ring);
                _ = Libc.setrlimit(Libc.RLIMIT_NOFILE, &lower);
                results[2] = uring.io_uring_register_files_tags(ring.Ring, files, noTags, 600);
                _ = uring.io_uring_unregister_files(ring.Ring);
                _ = Libc.setrlimit(Libc.RLIMIT_NOFILE, &lower);
                results[3] = uring.io_uring_register_files_sparse(
                    ring.Ring, (uint)Math.Min(before.rlim_max + 1, 1_000_000));
            }
            finally
            {
                Assert.Equal(0, Libc.setrlimit(Libc.RLIMIT_NOFILE, &before));
            }
        }
        Assert.Equal([0, 0, 0], results[..3]);
        Assert.Equal(800UL, now.rlim_cur);
        Assert.Equal(before.rlim_max, now.rlim_max);
        if (before.rlim_max < 1_000_000)
        {
            Assert.Equal(-Libc.EMFILE, results[3]);
        }
    }

    [Theory, MemberData(nameof(Both))]
    public void An_eventfd_counts_completions_and_the_async_one_only_later_ones(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        int fd = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.O_NONBLOCK);
        Assert.Equal(0, ring.Library.io_uring_register_eventfd(ring.Ring, fd));
        Assert.Equal(-Libc.EBUSY, ring.Library.io_uring_register_eventfd(ring.Ring, fd));
        ring.Nops(1, 1);
        _ = ring.Run();
        Assert.True(Count(fd) > 0);
        Assert.Equal(0, ring.Library.io_uring_unregister_eventfd(ring.Ring));
        Assert.Equal(-Libc.ENXIO, ring.Library.io_uring_unregister_eventfd(ring.Ring));
        ring.Nops(1, 1);
        _ = ring.Run();
        Assert.Equal(0UL, Count(fd));
        Assert.Equal(0, ring.Library.io_uring_register_eventfd_async(ring.Ring, fd));
        ring.Nops(1, 1);
        _ = ring.Run();
        Assert.Equal(0UL, Count(fd));
        io_uring_sqe* sqe = ring.Sqe(io_uring_op.IORING_OP_NOP, 2);
        sqe->flags = (byte)IOSQE_ASYNC;
        _ = ring.Run();
        Assert.True(SpinWait.SpinUntil(() => Count(fd) > 0, 5_000)); // a worker signals after it completed
        Assert.Equal(0, ring.Library.io_uring_unregister_eventfd(ring.Ring));
        Assert.Equal(-Libc.EBADF, ring.Library.io_uring_register_eventfd(ring.Ring, 1_000_000));
        Assert.Equal(-Libc.EBADF, ring.Library.io_uring_register_eventfd_async(ring.Ring, 1_000_000));
        _ = Libc.close(fd);
    }

    [Theory, MemberData(nameof(Both))]
    public void Credentials_are_kept_under_a_number(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        int id = ring.Library.io_uring_register_personality(ring.Ring);
        Assert.True(id > 0);
        io_uring_sqe* sqe = ring.Sqe(io_uring_op.IORING_OP_NOP, 1);
        sqe->personality = (ushort)id;
        Assert.Equal(0, ring.Run().Result);
        Assert.Equal(0, ring.Library.io_uring_unregister_personality(ring.Ring, id));
        sqe = ring.Sqe(io_uring_op.IORING_OP_NOP, 1);
        sqe->personality = (ushort)id;
        Assert.Equal(-Libc.EINVAL, ring.Run().Result);
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_unregister_personality(ring.Ring, id));
    }

    [Theory, MemberData(nameof(Both))]
    public void Restrictions_bind_once_the_ring_is_enabled(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4, IORING_SETUP_R_DISABLED);
        io_uring_restriction* rules = stackalloc io_uring_restriction[2];
        rules[0] = new io_uring_restriction
        {
            opcode = (ushort)io_uring_register_restriction_op.IORING_RESTRICTION_SQE_OP,
            sqe_op = (byte)io_uring_op.IORING_OP_NOP,
        };
        rules[1] = new io_uring_restriction
        {
            opcode = (ushort)io_uring_register_restriction_op.IORING_RESTRICTION_REGISTER_OP,
            register_op = (byte)io_uring_register_op.IORING_REGISTER_ENABLE_RINGS,
        };
        Assert.Equal(0, ring.Library.io_uring_register_restrictions(ring.Ring, rules, 2));
        Assert.Equal(-Libc.EBUSY, ring.Library.io_uring_register_restrictions(ring.Ring, rules, 2));
        Assert.Equal(0, ring.Library.io_uring_enable_rings(ring.Ring));
        ring.Nops(1, 1);
        Assert.Equal(0, ring.Run().Result);
        ring.Timeout(2, 1);
        Assert.Equal(-Libc.EACCES, ring.Run().Result);
        Assert.Equal(-Libc.EACCES, ring.Library.io_uring_unregister_buffers(ring.Ring));

        using var enabled = new TestRing(ring.Library, 4);
        Assert.Equal(-EBADFD, ring.Library.io_uring_register_restrictions(enabled.Ring, rules, 2));
    }

    [Theory, MemberData(nameof(Both))]
    public void Workers_are_limited_and_bound(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        uint* values = stackalloc uint[2];
        (values[0], values[1]) = (3, 5);
        Assert.Equal(0, ring.Library.io_uring_register_iowq_max_workers(ring.Ring, values));
        Assert.True(values[0] > 0 && values[1] > 0);
        (values[0], values[1]) = (0, 0);
        Assert.Equal(0, ring.Library.io_uring_register_iowq_max_workers(ring.Ring, values));
        Assert.Equal((3u, 5u), (values[0], values[1]));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_iowq_max_workers(ring.Ring, null));

        ulong* mask = stackalloc ulong[16];
        new Span<ulong>(mask, 16).Clear();
        mask[0] = 1;
        Assert.Equal(0, ring.Library.io_uring_register_iowq_aff(ring.Ring, 128, mask));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_iowq_aff(ring.Ring, 0, mask));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_iowq_aff(ring.Ring, 128, null));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_iowq_aff(ring.Ring, (nuint)1 << 31, mask));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_iowq_aff(ring.Ring, ((nuint)1 << 32) + 128, mask));
        Assert.Equal(0, ring.Library.io_uring_unregister_iowq_aff(ring.Ring));
    }

    [Theory, MemberData(nameof(Both))]
    public void An_operation_is_cancelled_before_the_call_returns(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var pipe = new Pipe();
        byte buffer;
        _ = ring.Read(44, pipe.ReadEnd, &buffer, 1);
        Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
        var cancel = new io_uring_sync_cancel_reg { addr = 44, fd = -1 };
        cancel.timeout.tv_sec = cancel.timeout.tv_nsec = -1;
        Assert.Equal(0, ring.Library.io_uring_register_sync_cancel(ring.Ring, &cancel));
        Assert.Equal((44UL, -Libc.ECANCELED, 0u), ring.Take());
        Assert.Equal(-Libc.ENOENT, ring.Library.io_uring_register_sync_cancel(ring.Ring, &cancel));
        cancel.flags = 1u << 30;
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_sync_cancel(ring.Ring, &cancel));
    }

    [Theory, MemberData(nameof(Both))]
    public void Network_polling_settings_are_kept_and_given_back(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        var napi = new io_uring_napi { busy_poll_to = 70, prefer_busy_poll = 1 };
        int result = ring.Library.io_uring_register_napi(ring.Ring, &napi);
        Requirement.That(result != -Libc.EINVAL, "this kernel has no network polling for rings");
        Assert.Equal(0, result);
        Assert.Equal(0u, napi.busy_poll_to);
        napi = default;
        Assert.Equal(0, ring.Library.io_uring_unregister_napi(ring.Ring, &napi));
        Assert.Equal((70u, 1), (napi.busy_poll_to, (int)napi.prefer_busy_poll));
        Assert.Equal(0, ring.Library.io_uring_unregister_napi(ring.Ring, null)); // there is nothing to read
        Assert.Equal(-Libc.EFAULT, ring.Library.io_uring_register_napi(ring.Ring, (io_uring_napi*)8));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_clock_is_chosen_for_waits(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        var clock = new io_uring_clock_register { clockid = 7 /* CLOCK_BOOTTIME */ };
        Assert.Equal(0, ring.Library.io_uring_register_clock(ring.Ring, &clock));
        __kernel_timespec time = TestRing.Time(30);
        io_uring_cqe* cqe;
        Assert.Equal(-Libc.ETIME, ring.Library.io_uring_wait_cqe_timeout(ring.Ring, &cqe, &time));
        clock.clockid = 0 /* CLOCK_REALTIME */;
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_clock(ring.Ring, &clock));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_region_that_is_none_is_refused(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        io_uring_mem_region_reg none = default;
        Assert.Equal(-Libc.EFAULT, ring.Library.io_uring_register_region(ring.Ring, &none));
    }

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
    public void Buffer_rings_are_unmapped_with_their_group_and_where_there_is_none(string library)
    {
        const uint Entries = 32_768;
        const int Rounds = 500;
        using var ring = new TestRing(Libraries.Get(library), 4);
        int error;
        long before = TestRing.MappedBytes();
        for (int i = 0; i < Rounds; i++)
        {
            io_uring_buf_ring* buffers = ring.Library.io_uring_setup_buf_ring(ring.Ring, Entries, 1, 0, &error);
            Assert.True(ring.Library.io_uring_setup_buf_ring(ring.Ring, Entries, 1, 0, &error) == null);
            Assert.Equal(-Libc.EEXIST, error);
            Assert.Equal(0, ring.Library.io_uring_free_buf_ring(ring.Ring, buffers, Entries, 1));
        }
        Assert.InRange(TestRing.MappedBytes() - before, long.MinValue, Rounds * (long)Entries * 16 / 2);
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
            Assert.Equal(mappings, TestRing.MappingsCount("[io_uring]")); // liburing 2.9 forgets the old entries
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

    private static ulong[] Sorted(ulong[] values)
    {
        Array.Sort(values);
        return values;
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

    private static int ReadRegistered(TestRing ring, int index)
    {
        byte* buffer = stackalloc byte[64];
        io_uring_sqe* sqe = ring.Read(1, index, buffer, 64);
        sqe->flags = (byte)IOSQE_FIXED_FILE;
        return ring.Run().Result;
    }

    private static (ulong UserData, int Result, uint Flags) ReadSelected(TestRing ring, Pipe pipe, ushort group)
    {
        pipe.Write(42);
        io_uring_sqe* sqe = ring.Read(1, pipe.ReadEnd, null, 1);
        sqe->flags = (byte)IOSQE_BUFFER_SELECT;
        sqe->buf_group = group;
        return ring.Run();
    }

    private static int OpenDirect(TestRing ring, string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            io_uring_sqe* sqe = ring.Sqe(io_uring_op.IORING_OP_OPENAT, 1);
            sqe->fd = Libc.AT_FDCWD;
            sqe->addr = (ulong)name;
            sqe->file_index = IORING_FILE_INDEX_ALLOC;
            return ring.Run().Result;
        }
    }

    private static ulong Count(int fd)
    {
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, ownsHandle: false);
        ulong value = 0;
        nint read = Libc.syscall(0 /* read, x86-64 */, fd, (nint)(&value), 8);
        return read == 8 ? value : 0;
    }

    /// <summary>A file with these characters, and its descriptor.</summary>
    private sealed class DataFile : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly FileStream _file;

        public DataFile(string text)
        {
            Path = _folder.PathOf("data");
            File.WriteAllText(Path, text);
            _file = File.OpenRead(Path);
        }

        public string Path { get; }

        public int Descriptor => (int)_file.SafeFileHandle.DangerousGetHandle();

        public void Dispose()
        {
            _file.Dispose();
            _folder.Dispose();
        }
    }
}
