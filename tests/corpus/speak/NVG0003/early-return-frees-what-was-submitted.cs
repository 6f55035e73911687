#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Early
{
    public static bool Send(io_uring* ring, int socket, bool isLast)
    {
        byte* packet = (byte*)NativeMemory.AllocZeroed(64);
        io_uring_prep_send(io_uring_get_sqe(ring), socket, packet, 64, 0);
        if (io_uring_submit(ring) != 1)
        {
            return false;
        }
        if (isLast)
        {
            {|NVG0003:NativeMemory.Free(packet)|};
            return true;
        }
        int count = io_uring_submit_and_wait(ring, 1);
        NativeMemory.Free(packet);
        return count > 0;
    }
}
