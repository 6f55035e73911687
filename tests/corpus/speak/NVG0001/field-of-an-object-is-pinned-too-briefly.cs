#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class EventCounter(int eventFd)
{
    private ulong _count;

    public ulong Count => _count;

    public bool Arm(io_uring* ring)
    {
        fixed (ulong* count = &_count)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, eventFd, {|NVG0001:count|}, sizeof(ulong), 0);
        }
        return io_uring_submit(ring) > 0;
    }
}
