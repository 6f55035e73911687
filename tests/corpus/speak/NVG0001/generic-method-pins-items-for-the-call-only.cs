#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class ItemReader
{
    public static void Read<T>(io_uring* ring, int fd, T[] items)
        where T : unmanaged
    {
        fixed (T* first = items)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(
                offset: 0, nbytes: (uint)items.Length, buf: {|NVG0001:first|}, fd: fd, sqe: sqe);
        }
    }
}
