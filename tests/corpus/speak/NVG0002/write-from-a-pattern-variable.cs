#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Pattern
{
    public static bool Write(io_uring* ring, int fd, object value)
    {
        if (value is not long number)
        {
            return false;
        }
        io_uring_prep_write(io_uring_get_sqe(ring), fd, {|NVG0002:&number|}, sizeof(long), ulong.MaxValue);
        return io_uring_submit(ring) == 1;
    }
}
