#nullable enable
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Spinner
{
    public static void Await(io_uring* ring, int fd)
    {
        byte* flag = (byte*)NativeMemory.AllocZeroed(1);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, flag, 1, 0);
        if (io_uring_submit(ring) != 1)
        {
            return;
        }
        while ({|NVG0004:*flag|} == 0)
        {
            Thread.Yield();
        }
    }
}
