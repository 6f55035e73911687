#nullable enable
using NvmeGpu.Bindings;

internal static unsafe class Entry
{
    public static void SetTarget(io_uring_sqe* sqe, nint {|NVG0090:address|}, uint lengthBytes)
    {
        sqe->addr = (ulong)address;
        sqe->len = lengthBytes;
    }
}
