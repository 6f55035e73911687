#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class GlobalHandle : SafeHandle
{
    public GlobalHandle(int lengthBytes)
        : base(0, ownsHandle: true) => SetHandle(Marshal.AllocHGlobal(lengthBytes));

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Marshal.FreeHGlobal(handle);
        return true;
    }
}

internal static unsafe class Derived
{
    public static int Send(io_uring* ring, int socket)
    {
        var packet = new GlobalHandle(64);
        void* start = (void*){|NVG0016:packet.DangerousGetHandle()|};
        io_uring_prep_send(io_uring_get_sqe(ring), socket, start, 64, 0);
        return io_uring_submit(ring);
    }
}
