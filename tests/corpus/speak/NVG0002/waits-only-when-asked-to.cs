#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class MaybeWaiting
{
    public static int Read(io_uring* ring, int fd, bool isBlocking)
    {
        byte* block = stackalloc byte[256];
        io_uring_prep_read(io_uring_get_sqe(ring), fd, {|NVG0002.may:block|}, 256, 0);
        int submitted;
        if (isBlocking)
        {
            submitted = io_uring_submit_and_wait(ring, 1);
        }
        else
        {
            submitted = io_uring_submit(ring);
        }
        return submitted;
    }
}
