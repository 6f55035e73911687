#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Nested
{
    public static int Sum(io_uring* ring, int first, int second)
    {
        return First(ring, first) + First(ring, second);

        static int First(io_uring* ring, int fd)
        {
            int* value = (int*)NativeMemory.AllocZeroed(sizeof(int));
            io_uring_prep_read(io_uring_get_sqe(ring), fd, value, sizeof(int), 0);
            return io_uring_submit(ring) > 0 ? {|NVG0004:*value|} : 0;
        }
    }
}
