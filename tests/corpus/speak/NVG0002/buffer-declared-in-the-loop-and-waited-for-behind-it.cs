#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Counters
{
    public static bool ReadAll(io_uring* ring, int[] eventFds)
    {
        foreach (int fd in eventFds)
        {
            ulong count;
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, {|NVG0002:&count|}, sizeof(ulong), 0);
        }
        return io_uring_submit_and_wait(ring, (uint)eventFds.Length) == eventFds.Length;
    }
}
