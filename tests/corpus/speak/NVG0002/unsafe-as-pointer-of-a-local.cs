#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Generation
{
    public static bool Write(io_uring* ring, int fd, long generation)
    {
        long copy = generation;
        ref long stored = ref copy;
        void* address = Unsafe.AsPointer(ref stored);
        io_uring_prep_write(io_uring_get_sqe(ring), fd, {|NVG0002:address|}, sizeof(long), 0);
        return io_uring_submit(ring) == 1;
    }
}
