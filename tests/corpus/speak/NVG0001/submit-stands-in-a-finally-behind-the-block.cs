#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class FinallySubmit
{
    public static void Send(io_uring* ring, int socket, byte[] message)
    {
        try
        {
            fixed (byte* p = message)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_send(sqe, socket, {|NVG0001:p|}, (nuint)message.Length, 0);
            }
        }
        finally
        {
            io_uring_submit(ring);
        }
    }
}
