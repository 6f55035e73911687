#nullable enable
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Text
{
    public static string Read(io_uring* ring, int fd)
    {
        byte* block = (byte*)NativeMemory.AllocZeroed(64);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, block, 64, 0);
        return io_uring_submit(ring) == 1 ? Encoding.UTF8.GetString({|NVG0004:block|}, 64) : "";
    }
}
