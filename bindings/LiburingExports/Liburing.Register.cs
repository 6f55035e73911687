#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// What else is registered with a ring.
static partial class Liburing
{
    /// <summary>
    /// Signals an eventfd when completions are posted. 0 or a negative errno: EBUSY when there is one. See
    /// io_uring_register_eventfd(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_eventfd(io_uring* ring, int fd)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_EVENTFD, &fd, 1);
        }
    }

    /// <summary>
    /// As io_uring_register_eventfd, but not for what completes within its submission. See
    /// io_uring_register_eventfd_async(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_eventfd_async(io_uring* ring, int fd)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_EVENTFD_ASYNC, &fd, 1);
        }
    }

    /// <summary>
    /// Takes the eventfd away. 0, or ENXIO without one. See io_uring_unregister_eventfd(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    public static unsafe int io_uring_unregister_eventfd(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_UNREGISTER_EVENTFD, null, 0);
        }
    }

    /// <summary>
    /// Keeps the caller's credentials for entries that name them. Returns their number, 1 and more, or a
    /// negative errno. See io_uring_register(2), IORING_REGISTER_PERSONALITY.
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_personality(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_PERSONALITY, null, 0);
        }
    }

    /// <summary>
    /// Forgets credentials. 0, or EINVAL for a number that is not there. See io_uring_register(2),
    /// IORING_UNREGISTER_PERSONALITY.
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    public static unsafe int io_uring_unregister_personality(io_uring* ring, int id)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(
                ring, io_uring_register_op.IORING_UNREGISTER_PERSONALITY, null, unchecked((uint)id));
        }
    }

    /// <summary>
    /// Limits what a disabled ring may do once it is enabled. 0 or a negative errno: EBADFD when it is
    /// enabled, EBUSY when it has restrictions. See io_uring_register(2), IORING_REGISTER_RESTRICTIONS.
    /// </summary>
    /// <safety><paramref name="res"/> has <paramref name="nr_res"/> elements during the call.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_restrictions(
        io_uring* ring, io_uring_restriction* res, uint nr_res)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_RESTRICTIONS, res, nr_res);
        }
    }

    /// <summary>
    /// Enables a ring that was made with IORING_SETUP_R_DISABLED. 0, or EBADFD when it is enabled. See
    /// io_uring_enable_rings(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    public static unsafe int io_uring_enable_rings(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_ENABLE_RINGS, null, 0);
        }
    }

    /// <summary>
    /// Says on which processors the kernel's workers may run. 0 or a negative errno. See
    /// io_uring_register_iowq_aff(3).
    /// </summary>
    /// <param name="ring">An initialised ring.</param>
    /// <param name="cpusz">Bytes of the mask, below 2^31.</param>
    /// <param name="mask">A <c>cpu_set_t</c>: one bit per processor. The C type is not bound.</param>
    /// <safety><paramref name="mask"/> has <paramref name="cpusz"/> readable bytes during the call.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_iowq_aff(io_uring* ring, nuint cpusz, cpu_set_t* mask)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return cpusz > int.MaxValue
                ? -Libc.EINVAL
                : Register(ring, io_uring_register_op.IORING_REGISTER_IOWQ_AFF, mask, (uint)cpusz);
        }
    }

    /// <summary>Lets the workers run everywhere again. See io_uring_unregister_iowq_aff(3).</summary>
    /// <safety>The ring is initialised.</safety>
    public static unsafe int io_uring_unregister_iowq_aff(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_UNREGISTER_IOWQ_AFF, null, 0);
        }
    }

    /// <summary>
    /// Sets the most workers, bounded and unbounded; 0 leaves one as it is. Afterwards the array has what was
    /// before. 0 or a negative errno. See io_uring_register_iowq_max_workers(3).
    /// </summary>
    /// <safety><paramref name="values"/> has two writable elements.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_iowq_max_workers(io_uring* ring, uint* values)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_IOWQ_MAX_WORKERS, values, 2);
        }
    }

    /// <summary>
    /// Cancels operations and waits until they are, or the time in <paramref name="reg"/> is over (ETIME);
    /// Linux 6.0. ENOENT when there is none. See io_uring_register_sync_cancel(3).
    /// </summary>
    /// <safety><paramref name="reg"/> is readable; the operations' memory is the caller's with their
    /// completions, not with this call.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_sync_cancel(io_uring* ring, io_uring_sync_cancel_reg* reg)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_SYNC_CANCEL, reg, 1);
        }
    }

    /// <summary>
    /// Sets how the ring polls network devices, and gives the settings from before; Linux 6.9. 0 or a
    /// negative errno. See io_uring_register_napi(3).
    /// </summary>
    /// <safety><paramref name="napi"/> is writable.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_napi(io_uring* ring, io_uring_napi* napi)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_NAPI, napi, 1);
        }
    }

    /// <summary>
    /// Stops polling network devices, and gives the settings from before. See io_uring_unregister_napi(3).
    /// </summary>
    /// <safety><paramref name="napi"/> is writable.</safety>
    public static unsafe int io_uring_unregister_napi(io_uring* ring, io_uring_napi* napi)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_UNREGISTER_NAPI, napi, 1);
        }
    }

    /// <summary>
    /// Chooses the clock that waits are measured by: CLOCK_MONOTONIC or CLOCK_BOOTTIME; Linux 6.12. 0 or a
    /// negative errno. See io_uring_register_clock(3).
    /// </summary>
    /// <safety><paramref name="arg"/> is readable.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_clock(io_uring* ring, io_uring_clock_register* arg)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_CLOCK, arg, 0);
        }
    }

    /// <summary>
    /// Registers memory that parameters of later calls are read from; Linux 6.13. A region for waits
    /// (IORING_MEM_REGION_REG_WAIT_ARG) must come before the ring is enabled. 0 or a negative errno.
    /// </summary>
    /// <safety><paramref name="reg"/> is writable; the memory that it names lives as long as the
    /// ring.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_region(io_uring* ring, io_uring_mem_region_reg* reg)
    {
        // SAFETY: the caller's ring is initialised; the kernel reads the argument during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_REGISTER_MEM_REGION, reg, 1);
        }
    }

    /// <summary>
    /// Always EINVAL: no released kernel has the call that this was for, and liburing 2.9 answers so too.
    /// io_uring_register_region does it.
    /// </summary>
    /// <safety>Nothing is read.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_wait_reg(io_uring* ring, io_uring_reg_wait* reg, int nr) =>
        -Libc.EINVAL;
}
