#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Sequence
{
    public static void Write(io_uring* ring, int fd, long first)
    {
        long* number = (long*)NativeMemory.Alloc(sizeof(long));
        *number = first;
        io_uring_prep_write(io_uring_get_sqe(ring), fd, number, sizeof(long), 0);
        if (io_uring_submit(ring) == 1)
        {
            {|NVG0004:*number|} += 1;
        }
    }
}
