#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Items
{
    public static bool Write<T>(io_uring* ring, int fd, T* {|NVG0090:items|}, int count)
        where T : unmanaged
    {
        uint lengthBytes = (uint)(count * sizeof(T));
        io_uring_prep_write(io_uring_get_sqe(ring), offset: 0, fd: fd, nbytes: lengthBytes, buf: items);
        return io_uring_submit(ring) == 1;
    }
}
