#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Eager
{
    public static bool HasMagic(io_uring* ring, int fd)
    {
        byte* header = (byte*)NativeMemory.AllocZeroed(512);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, header, 512, 0);
        return io_uring_submit(ring) == 1 && {|NVG0004:header[0]|} == 0x7f;
    }
}
