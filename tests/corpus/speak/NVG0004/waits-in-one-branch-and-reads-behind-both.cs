#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class MaybeWaiting
{
    public static int First(io_uring* ring, int fd, bool isBlocking)
    {
        byte* block = (byte*)NativeMemory.AllocZeroed(64);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 64, 0);
        int count = isBlocking ? io_uring_submit_and_wait(ring, 1) : io_uring_submit(ring);
        return count < 0 ? count : {|NVG0004.may:block[0]|};
    }
}
