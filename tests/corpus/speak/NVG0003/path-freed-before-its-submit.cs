#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Opener
{
    public static int Open(io_uring* ring, string path)
    {
        nint name = Marshal.StringToCoTaskMemUTF8(path);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_openat(sqe, Libc.AT_FDCWD, (sbyte*)name, Libc.O_RDONLY, 0);
        {|NVG0003:Marshal.FreeCoTaskMem(name)|};
        return io_uring_submit(ring);
    }
}
