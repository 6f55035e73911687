#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Timer
{
    public static void Arm(io_uring* ring, long seconds)
    {
        __kernel_timespec time = default;
        time.tv_sec = seconds;
        io_uring_prep_timeout(io_uring_get_sqe(ring), {|NVG0002:&time|}, 0, 0);
        io_uring_submit(ring);
    }
}
