#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Journal
{
    public static int Append(io_uring* ring, int fd, long number)
    {
        long* record = (long*)NativeMemory.AllocZeroed(2, sizeof(long));
        record[0] = number;
        io_uring_prep_write(io_uring_get_sqe(ring), fd, record, 16, ulong.MaxValue);
        int submitted = io_uring_submit(ring);
        {|NVG0004:record[1]|} = number + 1;
        return submitted;
    }
}
