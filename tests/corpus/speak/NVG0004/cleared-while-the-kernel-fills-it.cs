#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Clearing
{
    public static bool Read(io_uring* ring, int fd)
    {
        unchecked
        {
            byte* block = (byte*)NativeMemory.Alloc(64);
            io_uring_prep_recv(
                sqe: io_uring_get_sqe(ring), buf: block, len: 64, sockfd: fd, flags: 0);
            bool isSubmitted = io_uring_submit(ring) == 1;
            for (int round = 0; round < 2; round++)
            {
                {|NVG0004:block[0]|} = 0;
            }
            return isSubmitted;
        }
    }
}
