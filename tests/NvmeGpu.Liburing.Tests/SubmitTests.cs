using System;
using System.Threading;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

public unsafe class SubmitTests
{
    public static TheoryData<string> Both => Libraries.Both;

    [Theory, MemberData(nameof(Both))]
    public void Submit_hands_over_what_was_prepared_and_nothing_twice(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        Assert.Equal(0, ring.Library.io_uring_submit(ring.Ring));
        ring.Nops(1, 5);
        Assert.Equal(5, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(0, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(TestRing.Numbers(1, 5), ring.TakeAll());
        Assert.Equal(ring.Ring->sq.sqe_tail, ring.Ring->sq.sqe_head);
    }

    [Theory, MemberData(nameof(Both))]
    public void A_short_submission_leaves_the_rest_for_the_next(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        ring.Nops(1, 1);
        _ = ring.Sqe((io_uring_op)200, 2); // no such operation
        ring.Nops(3, 2);
        Assert.Equal(2, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(2, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(TestRing.Numbers(1, 4), ring.TakeAll());
    }

    [Theory, MemberData(nameof(Both))]
    public void Submit_and_wait_waits(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        ring.Timeout(9, 60);
        double took = TestRing.Duration(
            () => Assert.Equal(1, ring.Library.io_uring_submit_and_wait(ring.Ring, 1)));
        Assert.InRange(took, 50, 2_000);
        Assert.Equal((9UL, -Libc.ETIME, 0u), ring.Take());
    }

    [Theory, MemberData(nameof(Both))]
    public void Submit_does_not_wait(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 8);
        ring.Timeout(9, 200);
        Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(0u, ring.ReadyCount);
        Assert.Equal(0, ring.Library.io_uring_submit_and_get_events(ring.Ring));
        Assert.Equal(0u, ring.ReadyCount);
    }

    [Theory, MemberData(nameof(Both))]
    public void Deferred_completions_come_with_get_events(string library)
    {
        const uint Flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
        using var ring = new TestRing(Libraries.Get(library), 8, Flags);
        using var pipe = new Pipe();
        byte buffer = 0;
        _ = ring.Read(5, pipe.ReadEnd, &buffer, 1);
        Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
        pipe.Write(42);
        Thread.Sleep(20);
        Assert.Equal(0u, ring.ReadyCount);
        Assert.Equal(0, ring.Library.io_uring_get_events(ring.Ring));
        Assert.Equal((5UL, 1), Two(ring.Take()));
        Assert.Equal(42, buffer);

        _ = ring.Read(6, pipe.ReadEnd, &buffer, 1);
        Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
        pipe.Write(43);
        ring.Nops(7, 1);
        Thread.Sleep(20);
        Assert.Equal(1, ring.Library.io_uring_submit_and_get_events(ring.Ring));
        ulong[] both = ring.TakeAll();
        Array.Sort(both);
        Assert.Equal([6UL, 7UL], both);
        Assert.Equal(43, buffer);
    }

    // The kernel says with IORING_SQ_TASKRUN that something waits: submit then reaps as well.
    [Theory, MemberData(nameof(Both))]
    public void Submit_reaps_when_the_kernel_says_that_completions_wait(string library)
    {
        const uint Flags =
            IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
        using var ring = new TestRing(Libraries.Get(library), 8, Flags);
        using var pipe = new Pipe();
        byte buffer = 0;
        _ = ring.Read(5, pipe.ReadEnd, &buffer, 1);
        Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
        pipe.Write(42);
        Thread.Sleep(20);
        Assert.Equal(IORING_SQ_TASKRUN, ring.SubmissionFlags & IORING_SQ_TASKRUN);
        Assert.Equal(0, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(5UL, ring.Take().UserData);

        _ = ring.Read(6, pipe.ReadEnd, &buffer, 1);
        Assert.Equal(1, ring.Library.io_uring_submit(ring.Ring));
        pipe.Write(42);
        Thread.Sleep(20);
        io_uring_cqe* cqe;
        Assert.Equal(1u, ring.Library.io_uring_peek_batch_cqe(ring.Ring, &cqe, 1));
        Assert.Equal(6UL, cqe->user_data);
        ring.Advance(1);
    }

    [Theory, MemberData(nameof(Both))]
    public void A_polling_thread_that_sleeps_is_woken(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4, IORING_SETUP_SQPOLL, idleMilliseconds: 1);
        for (int i = 0; i < 5; i++)
        {
            Assert.True(SpinWait.SpinUntil(() => (ring.SubmissionFlags & IORING_SQ_NEED_WAKEUP) != 0, 5_000));
            ring.Nops((ulong)i, 2);
            Assert.Equal(2, ring.Library.io_uring_submit(ring.Ring));
            Assert.True(SpinWait.SpinUntil(() => ring.ReadyCount == 2, 5_000));
            Assert.Equal(TestRing.Numbers((ulong)i, 2), ring.TakeAll());
        }
    }

    [Theory, MemberData(nameof(Both))]
    public void A_polling_thread_that_is_awake_needs_no_system_call(string library)
    {
        using var ring = new TestRing(
            Libraries.Get(library), 4, IORING_SETUP_SQPOLL, idleMilliseconds: 5_000);
        ring.Nops(1, 1); // at its very start the thread may sleep at once
        Assert.Equal(1, ring.Library.io_uring_submit_and_wait(ring.Ring, 1));
        ring.Advance(1);
        int fd = ring.Ring->enter_ring_fd;
        ring.Ring->enter_ring_fd = -1; // a system call would be EBADF
        ring.Nops(1, 2);
        Assert.Equal(2, ring.Library.io_uring_submit(ring.Ring));
        Assert.True(SpinWait.SpinUntil(() => ring.ReadyCount == 2, 5_000));
        ring.Ring->enter_ring_fd = fd;
    }

    [Theory, MemberData(nameof(Both))]
    public void Room_in_the_queue_is_waited_for(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4, IORING_SETUP_SQPOLL, idleMilliseconds: 1);
        Assert.True(SpinWait.SpinUntil(() => (ring.SubmissionFlags & IORING_SQ_NEED_WAKEUP) != 0, 5_000));
        Assert.True(ring.Library.__io_uring_sqring_wait(ring.Ring) >= 0);
        int fd = ring.Ring->enter_ring_fd;
        ring.Ring->enter_ring_fd = -1;
        Assert.Equal(-Libc.EBADF, ring.Library.__io_uring_sqring_wait(ring.Ring));
        ring.Ring->enter_ring_fd = fd;

        // A full queue, and the thread asleep: another thread wakes it at the latest.
        ring.Nops(1, 4);
        Volatile.Write(ref *ring.Ring->sq.ktail, ring.Ring->sq.sqe_tail);
        ring.Ring->sq.sqe_head = ring.Ring->sq.sqe_tail;
        var waker = new Thread(() =>
        {
            Thread.Sleep(300);
            _ = ring.Library.io_uring_enter((uint)fd, 0, 0, IORING_ENTER_SQ_WAKEUP, null);
        });
        waker.Start();
        int waits = 0;
        while (Volatile.Read(ref *ring.Ring->sq.khead) == ring.Ring->sq.sqe_tail - 4)
        {
            // A signal of the runtime's may end it early; a call that does not wait would be made very often.
            Assert.True(ring.Library.__io_uring_sqring_wait(ring.Ring) >= 0);
            waits++;
        }
        waker.Join();
        Assert.InRange(waits, 1, 300);
        Assert.True(SpinWait.SpinUntil(() => ring.ReadyCount == 4, 5_000));
    }

    // Which calls enter the kernel, seen by a descriptor that is none.
    [Theory]
    [InlineData(0u, 0)]
    [InlineData(IORING_SETUP_IOPOLL, -Libc.EBADF)]
    [InlineData(IORING_SETUP_SQPOLL, 0)]
    [InlineData(IORING_SETUP_SQPOLL | IORING_SETUP_IOPOLL, 0)]
    public void Polled_completions_need_a_system_call_unless_a_thread_polls(uint flags, int result)
    {
        // With both, liburing 2.9 makes a system call that the kernel has nothing to do in.
        bool isOursOnly = flags == (IORING_SETUP_SQPOLL | IORING_SETUP_IOPOLL);
        foreach (string library in isOursOnly ? ["ours"] : new[] { "ours", "liburing" })
        {
            using var ring = new TestRing(Libraries.Get(library), 4, flags, idleMilliseconds: 5_000);
            int fd = ring.Ring->enter_ring_fd;
            ring.Ring->enter_ring_fd = -1;
            int submitted = ring.Library.io_uring_submit(ring.Ring);
            io_uring_cqe* cqe;
            int looked = ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 0, null);
            int flushed = ring.Library.io_uring_submit_and_get_events(ring.Ring);
            int waited = ring.Library.io_uring_submit_and_wait(ring.Ring, 1);
            ring.Ring->enter_ring_fd = fd;
            Assert.Equal(result, submitted);
            Assert.Equal(result == 0 ? -Libc.EAGAIN : result, looked);
            Assert.Equal((-Libc.EBADF, -Libc.EBADF), (flushed, waited));
        }
    }

    [Theory, MemberData(nameof(Both))]
    public void What_does_not_fit_into_the_ring_waits_and_is_flushed(string library)
    {
        using var ring = new TestRing(Libraries.Get(library), 4, cqEntries: 4);
        ring.Nops(0, 4);
        Assert.Equal(4, ring.Library.io_uring_submit(ring.Ring));
        ring.Nops(4, 4);
        Assert.Equal(4, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(4u, ring.ReadyCount);
        Assert.Equal(IORING_SQ_CQ_OVERFLOW, ring.SubmissionFlags & IORING_SQ_CQ_OVERFLOW);
        Assert.Equal(TestRing.Numbers(0, 4), ring.TakeAll());
        Assert.Equal(0, ring.Library.io_uring_get_events(ring.Ring));
        Assert.Equal(TestRing.Numbers(4, 4), ring.TakeAll());

        ring.Nops(10, 4);
        Assert.Equal(4, ring.Library.io_uring_submit(ring.Ring));
        ring.Nops(14, 2);
        Assert.Equal(2, ring.Library.io_uring_submit(ring.Ring));
        Assert.Equal(TestRing.Numbers(10, 4), ring.TakeAll());
        io_uring_cqe* cqe;
        Assert.Equal(0, ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 0, null)); // a look flushes
        Assert.Equal(14UL, cqe->user_data);
        Assert.Equal(TestRing.Numbers(14, 2), ring.TakeAll());
        Assert.Equal(-Libc.EAGAIN, ring.Library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 0, null));
        Assert.True(cqe == null);
    }

    [Theory, MemberData(nameof(Both))]
    public void A_batch_is_what_is_there_across_the_rings_end_and_stays(string library)
    {
        io_uring_cqe** cqes = stackalloc io_uring_cqe*[16];
        foreach (uint shape in new[] { 0u, IORING_SETUP_CQE32 })
        {
            using var ring = new TestRing(Libraries.Get(library), 8, shape, cqEntries: 8);
            Assert.Equal(0u, ring.Library.io_uring_peek_batch_cqe(ring.Ring, cqes, 16));
            ring.Nops(0, 5);
            Assert.Equal(5, ring.Library.io_uring_submit(ring.Ring));
            Assert.Equal(3u, ring.Library.io_uring_peek_batch_cqe(ring.Ring, cqes, 3));
            Assert.Equal(5u, ring.Library.io_uring_peek_batch_cqe(ring.Ring, cqes, 16));
            ring.Advance(5);
            ring.Nops(5, 7); // places 5, 6, 7, 0, 1, 2, 3
            Assert.Equal(7, ring.Library.io_uring_submit(ring.Ring));
            Assert.Equal(7u, ring.Library.io_uring_peek_batch_cqe(ring.Ring, cqes, 16));
            for (int i = 0; i < 7; i++)
            {
                Assert.Equal(5UL + (ulong)i, cqes[i]->user_data);
            }
            Assert.True(cqes[3] == ring.Ring->cq.cqes);

            ring.Nops(12, 4); // one fits
            Assert.Equal(4, ring.Library.io_uring_submit(ring.Ring));
            Assert.Equal(8u, ring.Library.io_uring_peek_batch_cqe(ring.Ring, cqes, 16));
            ring.Advance(8);
            Assert.Equal(3u, ring.Library.io_uring_peek_batch_cqe(ring.Ring, cqes, 16)); // flushed
            Assert.Equal(13UL, cqes[0]->user_data);
        }
    }

    [Theory, MemberData(nameof(Both))]
    public void The_system_calls_are_plain(string library)
    {
        Library uring = Libraries.Get(library);
        io_uring_params p = default;
        Assert.Equal(-Libc.EINVAL, uring.io_uring_setup(0, &p));
        Assert.Equal(-Libc.EFAULT, uring.io_uring_setup(1, (io_uring_params*)8));
        Assert.Equal(-Libc.EBADF, uring.io_uring_enter(uint.MaxValue, 0, 0, 0, null));
        Assert.Equal(-Libc.EBADF, uring.io_uring_enter2(uint.MaxValue, 0, 0, 0, null, 8));
        Assert.Equal(-Libc.EBADF, uring.io_uring_register(1_000_000, 1, null, 0));

        using var ring = new TestRing(uring, 4);
        uint fd = (uint)ring.Ring->ring_fd;
        Assert.Equal(-Libc.EINVAL, uring.io_uring_enter(fd, 0, 0, 1u << 30, null));
        Assert.Equal(-Libc.EINVAL, uring.io_uring_register(fd, 1_000, null, 0));
        Assert.Equal(-Libc.ENXIO, uring.io_uring_register(
            fd, (uint)io_uring_register_op.IORING_UNREGISTER_BUFFERS, null, 0));
        ring.Nops(1, 2);
        Volatile.Write(ref *ring.Ring->sq.ktail, 2);
        Assert.Equal(1, uring.io_uring_enter(fd, 1, 0, 0, null));
        // The size of a signal set is looked at where completions are waited for.
        ulong signals = 0;
        Assert.Equal(
            -Libc.EINVAL, uring.io_uring_enter2(fd, 0, 2, IORING_ENTER_GETEVENTS, (__sigset_t*)&signals, 7));
        Assert.Equal(1, uring.io_uring_enter2(fd, 1, 2, IORING_ENTER_GETEVENTS, (__sigset_t*)&signals, 8));
        Assert.Equal(0, uring.io_uring_enter(fd, 0, 2, IORING_ENTER_GETEVENTS, (__sigset_t*)&signals));
        Assert.Equal(TestRing.Numbers(1, 2), ring.TakeAll());
    }

    private static (ulong, int) Two((ulong UserData, int Result, uint Flags) completion) =>
        (completion.UserData, completion.Result);
}
