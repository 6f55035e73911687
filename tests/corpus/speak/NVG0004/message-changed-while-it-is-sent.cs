#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Heartbeat(int socket)
{
    private readonly byte* _message = (byte*)NativeMemory.AllocZeroed(8);

    public void Send(io_uring* ring)
    {
        *_message = 1;
        io_uring_prep_send(io_uring_get_sqe(ring), socket, _message, 8, 0);
        if (io_uring_submit(ring) == 1)
        {
            {|NVG0004:*_message|} = 2;
        }
    }
}
