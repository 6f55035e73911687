#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Unregister
{
    public static bool Run(io_uring* ring, int fd)
    {
        nint block = Marshal.AllocHGlobal(4096);
        var piece = new iovec { iov_base = (void*)block, iov_len = 4096 };
        if (io_uring_register_buffers(ring, &piece, 1) != 0)
        {
            return false;
        }
        io_uring_prep_read_fixed(io_uring_get_sqe(ring), fd, (void*)block, 4096, 0, 0);
        int count = io_uring_submit_and_wait(ring, 1);
        {|NVG0018:Marshal.FreeHGlobal(block)|};
        return io_uring_unregister_buffers(ring) == 0 && count == 1;
    }
}
