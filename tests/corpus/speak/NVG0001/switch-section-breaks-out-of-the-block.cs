#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Dispatcher
{
    public static void Queue(io_uring* ring, int fd, char mode, byte[] block)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        switch (mode)
        {
            case 'r':
                fixed (byte* p = block)
                {
                    io_uring_prep_read(sqe, fd, {|NVG0001:p|}, (uint)block.Length, 0);
                    break;
                }
            default:
                io_uring_prep_nop(sqe);
                break;
        }
    }
}
