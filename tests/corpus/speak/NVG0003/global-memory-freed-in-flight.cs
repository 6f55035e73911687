#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Marshalled
{
    public static int Write(io_uring* ring, int fd)
    {
        nint record = Marshal.AllocHGlobal(64);
        Marshal.WriteInt64(record, 42);
        io_uring_prep_write(io_uring_get_sqe(ring), fd, (void*)record, 64, 0);
        int submitted = io_uring_submit(ring);
        {|NVG0003:Marshal.FreeHGlobal(record)|};
        return submitted;
    }
}
