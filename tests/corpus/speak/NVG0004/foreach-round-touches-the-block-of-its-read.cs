#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Sum
{
    public static int First(io_uring* ring, int[] files)
    {
        int sum = 0;
        foreach (int fd in files)
        {
            int* value = (int*)NativeMemory.AllocZeroed(sizeof(int));
            io_uring_prep_read(io_uring_get_sqe(ring), fd, value, sizeof(int), 0);
            if (io_uring_submit(ring) != 1)
            {
                break;
            }
            sum += {|NVG0004:*value|};
        }
        return sum;
    }
}
