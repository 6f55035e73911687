#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// Handing prepared entries to the kernel.
static partial class Liburing
{
    /// <summary>
    /// Hands all prepared entries to the kernel. Returns how many it took, or a negative errno; with SQPOLL
    /// how many were published, which its thread takes in its own time. See io_uring_submit(3).
    /// </summary>
    /// <safety>The ring is initialised; what the entries name lives as long as their operations say.</safety>
    [MayBlock]
    public static unsafe int io_uring_submit(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised, and what its entries name lives as long as their
        // operations.
        unsafe
        {
            return Submit(ring, 0, isFlushing: false);
        }
    }

    /// <summary>
    /// As io_uring_submit, and waits in the same system call until <paramref name="wait_nr"/> completions are
    /// there. See io_uring_submit_and_wait(3).
    /// </summary>
    /// <safety>As io_uring_submit.</safety>
    [MayBlock]
    [Completes]
    public static unsafe int io_uring_submit_and_wait(io_uring* ring, uint wait_nr)
    {
        // SAFETY: the caller's ring is initialised, and what its entries name lives as long as their
        // operations.
        unsafe
        {
            return Submit(ring, wait_nr, isFlushing: false);
        }
    }

    /// <summary>
    /// As io_uring_submit, and brings completions that wait inside the kernel into the ring, without waiting
    /// for more. See io_uring_submit_and_get_events(3).
    /// </summary>
    /// <safety>As io_uring_submit.</safety>
    [MayBlock]
    [Completes]
    public static unsafe int io_uring_submit_and_get_events(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised, and what its entries name lives as long as their
        // operations.
        unsafe
        {
            return Submit(ring, 0, isFlushing: true);
        }
    }

    /// <summary>
    /// Brings completions that wait inside the kernel (overflow, deferred task work) into the ring; 0 or a
    /// negative errno. See io_uring_get_events(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [MayBlock]
    [Completes]
    public static unsafe int io_uring_get_events(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised, and what its entries name lives as long as their
        // operations.
        unsafe
        {
            return Enter(ring, 0, 0, IORING_ENTER_GETEVENTS, null, KernelSignalSetBytes);
        }
    }

    /// <summary>
    /// Waits until the kernel's polling thread has made room in the submission queue. The exported half of
    /// io_uring_sqring_wait(3), which asks first whether there is room.
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [MayBlock]
    public static unsafe int __io_uring_sqring_wait(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised, and what its entries name lives as long as their
        // operations.
        unsafe
        {
            return Enter(ring, 0, 0, IORING_ENTER_SQ_WAIT, null, KernelSignalSetBytes);
        }
    }

    private static unsafe int Submit(io_uring* ring, uint waitCount, bool isFlushing)
    {
        // SAFETY: the caller's ring is initialised, and what its entries name lives as long as their
        // operations.
        unsafe
        {
            uint pending = PublishSubmissions(ring);
            uint flags = 0;
            bool isReaping = isFlushing || waitCount != 0 || CompletionsNeedEnter(ring);
            if (!SubmissionsNeedEnter(ring, pending, ref flags) && !isReaping)
            {
                return unchecked((int)pending);
            }
            if (isReaping)
            {
                flags |= IORING_ENTER_GETEVENTS;
            }
            return Enter(ring, pending, waitCount, flags, null, KernelSignalSetBytes);
        }
    }
}
