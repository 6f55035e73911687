#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class EventArm
{
    public static int Arm(io_uring* ring, int eventFd)
    {
        ulong count = 0;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, eventFd, {|NVG0002:&count|}, sizeof(ulong), 0);
        io_uring_sqe_set_data64(sqe, 1);
        return io_uring_submit(ring);
    }
}
