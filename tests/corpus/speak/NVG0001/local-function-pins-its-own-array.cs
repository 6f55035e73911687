#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Nested
{
    public static int Begin(io_uring* ring, int first, int second)
    {
        Queue(first);
        Queue(second);
        return io_uring_submit(ring);

        void Queue(int socket)
        {
            var packet = new byte[1500];
            fixed (byte* p = packet)
            {
                io_uring_prep_recv(io_uring_get_sqe(ring), socket, {|NVG0001:p|}, 1500, 0);
            }
        }
    }
}
