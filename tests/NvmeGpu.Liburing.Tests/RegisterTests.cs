using System;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>What else is registered with a ring.</summary>
public unsafe class RegisterTests
{
    private const int EBADFD = 77;

    public static TheoryData<string> Both => Libraries.Both;

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
        Assert.Equal(
            -Libc.EINVAL, ring.Library.io_uring_register_iowq_aff(ring.Ring, ((nuint)1 << 32) + 128, mask));
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

    private static ulong Count(int fd)
    {
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, ownsHandle: false);
        ulong value = 0;
        nint read = Libc.syscall(0 /* read, x86-64 */, fd, (nint)(&value), 8);
        return read == 8 ? value : 0;
    }
}
