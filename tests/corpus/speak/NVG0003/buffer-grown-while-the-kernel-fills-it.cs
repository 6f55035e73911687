#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Growing
{
    public static void* Read(io_uring* ring, int fd)
    {
        void* small = NativeMemory.Alloc(4096);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, small, 4096, 0);
        return io_uring_submit(ring) == 1 ? {|NVG0003:NativeMemory.Realloc(small, 8192)|} : null;
    }
}
