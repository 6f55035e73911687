#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Batch
{
    public static int WriteAll(io_uring* ring, int[] files)
    {
        int submitted = 0;
        foreach (int fd in files)
        {
            long* record = (long*)NativeMemory.Alloc(sizeof(long));
            *record = fd;
            io_uring_prep_write(io_uring_get_sqe(ring), fd, record, sizeof(long), 0);
            submitted += io_uring_submit(ring);
            {|NVG0003:NativeMemory.Free(record)|};
        }
        return submitted;
    }
}
