#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class TaskMemory
{
    public static bool Receive(io_uring* ring, int socket)
    {
        nint packet = Marshal.AllocCoTaskMem(1500);
        io_uring_prep_recv(io_uring_get_sqe(ring), socket, (void*)packet, 1500, 0);
        bool isSubmitted = io_uring_submit(ring) == 1;
        {|NVG0003:Marshal.FreeCoTaskMem(packet)|};
        return isSubmitted;
    }
}
