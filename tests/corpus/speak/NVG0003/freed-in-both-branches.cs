#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Branches
{
    public static int Write(io_uring* ring, int fd)
    {
        byte* record = (byte*)NativeMemory.Alloc(64);
        *record = 1;
        io_uring_prep_write(io_uring_get_sqe(ring), fd, record, 64, 0);
        if (io_uring_submit(ring) == 1)
        {
            {|NVG0003:NativeMemory.Free(record)|};
            return 64;
        }
        else
        {
            {|NVG0003:NativeMemory.Free(record)|};
            return 0;
        }
    }
}
