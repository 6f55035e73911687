using System;
using System.Threading;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

public unsafe class WaitTests
{
    public static TheoryData<string> Both => Libraries.Both;

    // With the kernel's own time limit, and with a timeout entry as on kernels before 5.11.
    public static TheoryData<string, bool> BothOldAndNew => new()
    {
        { "ours", false },
        { "ours", true },
        { "liburing", false },
    };

    [Theory, MemberData(nameof(BothOldAndNew))]
    public void A_wait_ends_with_its_time_and_says_ETIME(string library, bool isOld)
    {
        using TestRing ring = Make(library, isOld);
        __kernel_timespec time = TestRing.Time(60);
        io_uring_cqe* cqe = (io_uring_cqe*)8;
        __kernel_timespec* ts = &time;
        io_uring_cqe** cqePointer = &cqe;
        double took = TestRing.Duration(() => Assert.Equal(
            -Libc.ETIME, ring.Library.io_uring_wait_cqe_timeout(ring.Ring, cqePointer, ts)));
        Assert.InRange(took, 50, 2_000);
        Assert.True(cqe == null);
        Assert.Equal(0u, ring.ReadyCount);

        took = TestRing.Duration(() => Assert.Equal(
            -Libc.ETIME, ring.Library.io_uring_wait_cqes(ring.Ring, cqePointer, 3, ts, null)));
        Assert.InRange(took, 50, 2_000);
        took = TestRing.Duration(() => Assert.Equal(
            -Libc.ETIME, ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, cqePointer, 1, ts, null)));
        Assert.InRange(took, 50, 2_000);
        Assert.True(cqe == null);
    }

    [Theory, MemberData(nameof(BothOldAndNew))]
    public void A_completion_that_is_there_ends_a_wait_at_once(string library, bool isOld)
    {
        using TestRing ring = Make(library, isOld);
        __kernel_timespec time = TestRing.Time(5_000);
        __kernel_timespec* ts = &time;
        io_uring_cqe* cqe;
        io_uring_cqe** cqePointer = &cqe;
        ring.Nops(3, 2);
        Assert.Equal(2, ring.Library.io_uring_submit(ring.Ring));
        double took = TestRing.Duration(
            () => Assert.Equal(0, ring.Library.io_uring_wait_cqe_timeout(ring.Ring, cqePointer, ts)));
        Assert.InRange(took, 0, 2_000);
        Assert.Equal(3UL, cqe->user_data);
        Assert.Equal(0, ring.Library.io_uring_wait_cqes(ring.Ring, cqePointer, 2, ts, null));
        Assert.Equal(3UL, cqe->user_data);
        Assert.Equal(3UL, ring.Take().UserData);
        Assert.Equal(4UL, ring.Take().UserData);
    }

    [Theory, MemberData(nameof(Both))]
    public void A_wait_without_a_time_limit_waits_for_its_completion(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        ring.Timeout(7, 60);
        io_uring_cqe* cqe = null;
        io_uring_cqe** cqePointer = &cqe;
        double took = TestRing.Duration(() =>
        {
            Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
            Assert.Equal(0, ring.Library.io_uring_wait_cqe_timeout(ring.Ring, cqePointer, null));
        });
        Assert.InRange(took, 50, 2_000);
        Assert.Equal(7UL, cqe->user_data);
        ring.Advance(1);

        ring.Timeout(8, 60);
        took = TestRing.Duration(() => Assert.Equal(
            1, ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, cqePointer, 1, null, null)));
        Assert.InRange(took, 50, 2_000);
        Assert.Equal(8UL, cqe->user_data);
    }

    // Two are waited for, one is there or comes: after the time it is given.
    [Theory, MemberData(nameof(Both))]
    public void Too_few_completions_are_given_after_the_time(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var pipe = new Pipe();
        byte buffer;
        __kernel_timespec time = TestRing.Time(200);
        __kernel_timespec* ts = &time;
        io_uring_cqe* cqe = null;
        io_uring_cqe** cqePointer = &cqe;
        _ = ring.Read(7, pipe.ReadEnd, &buffer, 1);
        Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
        var writer = new Thread(() =>
        {
            Thread.Sleep(50);
            pipe.Write(1);
        });
        writer.Start();
        double took = TestRing.Duration(
            () => Assert.Equal(0, ring.Library.io_uring_wait_cqes(ring.Ring, cqePointer, 2, ts, null)));
        writer.Join();
        Assert.InRange(took, 150, 2_000);
        Assert.Equal(7UL, cqe->user_data);
        cqe = null;
        took = TestRing.Duration(
            () => Assert.Equal(0, ring.Library.io_uring_wait_cqes(ring.Ring, cqePointer, 2, ts, null)));
        Assert.InRange(took, 150, 2_000);
        Assert.Equal(7UL, cqe->user_data);
    }

    [Theory, MemberData(nameof(Both))]
    public void What_was_submitted_counts_also_when_the_time_runs_out(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4);
        using var pipe = new Pipe();
        byte buffer;
        __kernel_timespec time = TestRing.Time(60);
        io_uring_cqe* cqe = (io_uring_cqe*)8;
        io_uring_cqe** cqePointer = &cqe;
        __kernel_timespec* ts = &time;
        _ = ring.Read(1, pipe.ReadEnd, &buffer, 1);
        double took = TestRing.Duration(() => Assert.Equal(
            1, ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, cqePointer, 1, ts, null)));
        Assert.InRange(took, 50, 2_000);
        Assert.True(cqe == null);
        pipe.Write(1);
        Assert.Equal(0, ring.Library.io_uring_wait_cqe_timeout(ring.Ring, cqePointer, null));
    }

    [Theory, MemberData(nameof(Both))]
    public void Submitting_and_waiting_gives_the_number_and_the_first_completion(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        __kernel_timespec time = TestRing.Time(5_000);
        io_uring_cqe* cqe;
        ring.Nops(1, 3);
        Assert.Equal(3, ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 3, &time, null));
        Assert.Equal(1UL, cqe->user_data);
        ring.Nops(4, 2); // with completions that were not taken, which liburing 2.9 answers with 0
        Assert.Equal(
            ring.Library.IsOurs ? 2 : 0,
            ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 5, &time, null));
        Assert.Equal(1UL, cqe->user_data);
        Assert.Equal(TestRing.Numbers(1, 5), ring.TakeAll());
        ring.Nops(6, 2);
        Assert.Equal(2, ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 1, null, null));
        Assert.Equal(6UL, cqe->user_data);
        ring.Advance(2);
        ring.Nops(8, 1);
        Assert.Equal(
            1, ring.Library.io_uring_submit_and_wait_min_timeout(ring.Ring, &cqe, 1, &time, 0, null));
        Assert.Equal(8UL, cqe->user_data);
    }

    [Theory, MemberData(nameof(Both))]
    public void After_the_batchs_time_any_completion_will_do(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        __kernel_timespec time = TestRing.Time(3_000);
        __kernel_timespec* ts = &time;
        io_uring_cqe* cqe;
        io_uring_cqe** cqePointer = &cqe;
        ring.Nops(1, 1);
        double took = TestRing.Duration(() => Assert.Equal(
            1,
            ring.Library.io_uring_submit_and_wait_min_timeout(ring.Ring, cqePointer, 2, ts, 60_000, null)));
        Assert.InRange(took, 50, 1_500);
        Assert.Equal(1UL, cqe->user_data);
        took = TestRing.Duration(() => Assert.Equal(
            0, ring.Library.io_uring_wait_cqes_min_timeout(ring.Ring, cqePointer, 2, ts, 60_000, null)));
        Assert.InRange(took, 50, 1_500);
        ring.Advance(1);

        // None at all: the whole time.
        time = TestRing.Time(150);
        took = TestRing.Duration(() => Assert.Equal(
            -Libc.ETIME,
            ring.Library.io_uring_wait_cqes_min_timeout(ring.Ring, cqePointer, 2, ts, 30_000, null)));
        Assert.InRange(took, 130, 1_500);
        Assert.True(cqe == null);
        Assert.Equal(
            -Libc.ETIME,
            ring.Library.io_uring_submit_and_wait_min_timeout(ring.Ring, cqePointer, 2, ts, 30_000, null));
    }

    // liburing leaves the refusal to the kernel, which cannot be made older here.
    [Fact]
    public void A_batch_time_on_a_kernel_without_it_is_EINVAL()
    {
        using var ring = new TestRing(Libraries.Get("ours"), 8);
        ring.Ring->features &= ~IORING_FEAT_MIN_TIMEOUT;
        __kernel_timespec time = TestRing.Time(20);
        io_uring_cqe* cqe = (io_uring_cqe*)8;
        ring.Nops(1, 1);
        Assert.Equal(-Libc.EINVAL, io_uring_submit_and_wait_min_timeout(ring.Ring, &cqe, 1, &time, 10, null));
        Assert.True(cqe == null);
        Assert.Equal(-Libc.EINVAL, io_uring_wait_cqes_min_timeout(ring.Ring, &cqe, 1, &time, 10, null));
        Assert.Equal(0u, ring.ReadyCount); // nothing was submitted
        Assert.Equal(-Libc.ETIME, io_uring_wait_cqes_min_timeout(ring.Ring, &cqe, 1, &time, 0, null));
        Assert.Equal(1, io_uring_submit_and_wait_min_timeout(ring.Ring, &cqe, 1, &time, 0, null));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_signal_set_reaches_the_kernel(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        var nowhere = (__sigset_t*)8;
        __kernel_timespec time = TestRing.Time(20);
        io_uring_cqe* cqe;
        Assert.Equal(-Libc.EFAULT, ring.Library.io_uring_wait_cqes(ring.Ring, &cqe, 1, &time, nowhere));
        Assert.Equal(-Libc.EFAULT, ring.Library.io_uring_wait_cqes(ring.Ring, &cqe, 1, null, nowhere));
        Assert.Equal(
            -Libc.EFAULT, ring.Library.io_uring_wait_cqes_min_timeout(ring.Ring, &cqe, 1, &time, 9, nowhere));
        Assert.Equal(
            -Libc.EFAULT, ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 1, &time, nowhere));
        Assert.Equal(
            -Libc.EFAULT, ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 1, null, nowhere));
        Assert.Equal(
            -Libc.EFAULT,
            ring.Library.io_uring_submit_and_wait_min_timeout(ring.Ring, &cqe, 1, &time, 9, nowhere));
        Assert.Equal(-Libc.EFAULT, ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 1, nowhere));
        __sigset_t none = default;
        Assert.Equal(-Libc.ETIME, ring.Library.io_uring_wait_cqes(ring.Ring, &cqe, 1, &time, &none));
    }

    [Theory, MemberData(nameof(Both))]
    public void Get_cqe_submits_waits_and_looks(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        io_uring_cqe* cqe = (io_uring_cqe*)8;
        Assert.Equal(-Libc.EAGAIN, ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 0, null));
        Assert.True(cqe == null);
        ring.Nops(1, 3);
        Volatile.Write(ref *ring.Ring->sq.ktail, ring.Ring->sq.sqe_tail);
        ring.Ring->sq.sqe_head = ring.Ring->sq.sqe_tail;
        Assert.Equal(3, ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 3, 2, null));
        Assert.Equal(1UL, cqe->user_data);
        Assert.Equal(0, ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 3, null));
        Assert.Equal(0, ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 0, null));
        Assert.Equal(TestRing.Numbers(1, 3), ring.TakeAll());

        int fd = ring.Ring->enter_ring_fd;
        ring.Ring->enter_ring_fd = -1;
        int error = ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 1, null);
        ring.Ring->enter_ring_fd = fd;
        Assert.Equal(-Libc.EBADF, error);
        Assert.True(cqe == null);
    }

    // liburing asks for ever.
    [Fact]
    public void Get_cqe_with_fewer_published_than_said_comes_back()
    {
        using var ring = new TestRing(Libraries.Get("ours"), 8);
        io_uring_cqe* cqe;
        Assert.Equal(-Libc.EAGAIN, __io_uring_get_cqe(ring.Ring, &cqe, 3, 0, null));
        ring.Nops(1, 2);
        Volatile.Write(ref *ring.Ring->sq.ktail, ring.Ring->sq.sqe_tail);
        ring.Ring->sq.sqe_head = ring.Ring->sq.sqe_tail;
        Assert.Equal(2, __io_uring_get_cqe(ring.Ring, &cqe, 3, 2, null));
        Assert.Equal(TestRing.Numbers(1, 2), ring.TakeAll());
    }

    // liburing says how many the first system call took.
    [Fact]
    public void A_wait_submits_also_what_a_refused_entry_held_up()
    {
        using var ring = new TestRing(Libraries.Get("ours"), 8);
        io_uring_cqe* cqe;
        ring.Nops(1, 1);
        _ = ring.Sqe((io_uring_op)200, 2); // no such operation: the kernel stops after it
        ring.Nops(3, 2);
        Assert.Equal(4, io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 4, null, null));
        Assert.Equal(1UL, cqe->user_data);
        Assert.Equal(TestRing.Numbers(1, 4), ring.TakeAll());
    }

    [Theory, MemberData(nameof(Both))]
    public void Waiting_for_none_submits(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        __kernel_timespec time = TestRing.Time(5_000);
        io_uring_cqe* cqe;
        ring.Nops(1, 2);
        Assert.Equal(2, ring.Library.io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 0, &time, null));
        Assert.Equal(TestRing.Numbers(1, 2), ring.TakeAll());
    }

    // liburing says 0.
    [Fact]
    public void What_an_awake_polling_thread_takes_counts_as_submitted()
    {
        using var ring = new TestRing(Libraries.Get("ours"), 4, IORING_SETUP_SQPOLL, idleMilliseconds: 5_000);
        __kernel_timespec time = TestRing.Time(5_000);
        io_uring_cqe* cqe;
        ring.Nops(1, 1); // at its very start the thread may sleep at once
        Assert.Equal(1, io_uring_submit_and_wait(ring.Ring, 1));
        ring.Nops(2, 2);
        // One completion is there, so there is nothing to wait for, and no system call.
        int fd = ring.Ring->enter_ring_fd;
        ring.Ring->enter_ring_fd = -1;
        int count = io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 1, &time, null);
        ring.Ring->enter_ring_fd = fd;
        Assert.Equal(2, count);
        Assert.Equal(1UL, cqe->user_data);
        Assert.True(SpinWait.SpinUntil(() => ring.ReadyCount == 3, 5_000));
        Assert.Equal(TestRing.Numbers(1, 3), ring.TakeAll());
    }

    [Theory, MemberData(nameof(Both))]
    public void A_wait_is_described_in_a_registered_region(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8, IORING_SETUP_R_DISABLED);
        using var memory = new Pages(4096);
        var waits = (io_uring_reg_wait*)memory.Address;
        waits[0] = new io_uring_reg_wait { ts = TestRing.Time(3_000), flags = (uint)IORING_REG_WAIT_TS };
        waits[2] = new io_uring_reg_wait { ts = TestRing.Time(60), flags = (uint)IORING_REG_WAIT_TS };
        var region = new io_uring_region_desc
        {
            user_addr = (ulong)memory.Address,
            size = 4096,
            flags = (uint)IORING_MEM_REGION_TYPE_USER,
        };
        var registration = new io_uring_mem_region_reg
        {
            region_uptr = (ulong)&region,
            flags = (ulong)IORING_MEM_REGION_REG_WAIT_ARG,
        };
        Assert.Equal(0, ring.Library.io_uring_register_region(ring.Ring, &registration));
        Assert.Equal(-Libc.EBUSY, ring.Library.io_uring_register_region(ring.Ring, &registration));
        Assert.Equal(0, ring.Library.io_uring_enable_rings(ring.Ring));

        io_uring_cqe* cqe = null;
        io_uring_cqe** cqePointer = &cqe;
        if (ring.Library.IsOurs)
        {
            // liburing 2.9 takes the offset of a wait for a pointer once the time is over, and dies for index
            // 2.
            double took = TestRing.Duration(() => Assert.Equal(
                -Libc.ETIME, ring.Library.io_uring_submit_and_wait_reg(ring.Ring, cqePointer, 1, 2)));
            Assert.InRange(took, 50, 2_000);
            Assert.True(cqe == null);
        }
        ring.Nops(5, 2);
        Assert.Equal(2, ring.Library.io_uring_submit_and_wait_reg(ring.Ring, cqePointer, 2, 0));
        Assert.Equal(5UL, cqe->user_data);
        Assert.Equal(TestRing.Numbers(5, 2), ring.TakeAll());
        Assert.Equal(-Libc.EFAULT, ring.Library.io_uring_submit_and_wait_reg(ring.Ring, cqePointer, 1, 64));
        Assert.Equal(-Libc.EFAULT, ring.Library.io_uring_submit_and_wait_reg(ring.Ring, cqePointer, 1, -1));
        ring.Ring->features &= ~IORING_FEAT_EXT_ARG;
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_submit_and_wait_reg(ring.Ring, cqePointer, 1, 0));
        Assert.Equal(-Libc.EINVAL, ring.Library.io_uring_register_wait_reg(ring.Ring, waits, 1));
    }

    // From here on: kernels without IORING_FEAT_EXT_ARG, which this one plays when the bit is taken away.

    [Fact]
    public void On_an_old_kernel_a_timed_wait_submits_what_is_prepared()
    {
        using TestRing ring = Make("ours", isOld: true);
        __kernel_timespec time = TestRing.Time(5_000);
        io_uring_cqe* cqe;
        ring.Nops(1, 2);
        Assert.Equal(0, io_uring_wait_cqes(ring.Ring, &cqe, 2, &time, null));
        Assert.Equal(1UL, cqe->user_data);
        ring.Advance(2);
        // The timeout counted two completions and ended; its own is never shown.
        Assert.Equal(-Libc.EAGAIN, Look(ring, &cqe));
        Assert.Equal(0u, ring.ReadyCount);
    }

    [Fact]
    public void On_an_old_kernel_the_timeout_is_not_counted_as_submitted()
    {
        using TestRing ring = Make("ours", isOld: true);
        __kernel_timespec time = TestRing.Time(60);
        io_uring_cqe* cqe;
        ring.Nops(1, 2);
        Assert.Equal(2, io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 2, &time, null));
        Assert.Equal(1UL, cqe->user_data);
        ring.Advance(2);
        Assert.Equal(-Libc.EAGAIN, Look(ring, &cqe));

        using var pipe = new Pipe();
        byte buffer;
        _ = ring.Read(1, pipe.ReadEnd, &buffer, 1);
        Assert.Equal(1, io_uring_submit_and_wait_timeout(ring.Ring, &cqe, 1, &time, null));
        Assert.True(cqe == null);
        pipe.Write(1);
        Assert.Equal(0, io_uring_wait_cqe_timeout(ring.Ring, &cqe, null));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(IORING_SETUP_SQE128)]
    public void On_an_old_kernel_a_full_queue_is_submitted_to_make_room_for_the_timeout(uint shape)
    {
        using var ring = new TestRing(Libraries.Get("ours"), 2, shape);
        ring.Ring->features &= ~IORING_FEAT_EXT_ARG;
        __kernel_timespec time = TestRing.Time(60);
        io_uring_cqe* cqe;
        ring.Nops(1, 2);
        Assert.Equal(0, io_uring_wait_cqes(ring.Ring, &cqe, 2, &time, null));
        Assert.Equal(1UL, cqe->user_data);
        Assert.Equal(TestRing.Numbers(1, 2), ring.TakeAll());
        // That timeout counts from its own submission and is still there: it ends the next wait.
        Assert.Equal(-Libc.ETIME, io_uring_wait_cqes(ring.Ring, &cqe, 1, null, null));
        // At the odd place of the queue, too.
        Assert.Equal(-Libc.ETIME, io_uring_wait_cqes(ring.Ring, &cqe, 1, &time, null));
    }

    private static int Look(TestRing ring, io_uring_cqe** cqe)
    {
        Thread.Sleep(5);
        return __io_uring_get_cqe(ring.Ring, cqe, 0, 0, null);
    }

    private static TestRing Make(string library, bool isOld)
    {
        var ring = new TestRing(Libraries.Get(library), 8);
        if (isOld)
        {
            ring.Ring->features &= ~IORING_FEAT_EXT_ARG;
        }
        return ring;
    }
}
