#nullable enable
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class UnalignedReader
{
    public static long Read(io_uring* ring, int fd)
    {
        void* block = NativeMemory.AllocZeroed(64);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 64, 0);
        if (io_uring_submit(ring) != 1)
        {
            return -1;
        }
        return Unsafe.ReadUnaligned<long>({|NVG0004:block|});
    }
}
