#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Decoder
{
    private readonly byte* _packet = (byte*)NativeMemory.AllocZeroed(16);

    public string Kind(io_uring* ring, int socket)
    {
        byte* block = _packet;
        io_uring_prep_recv(io_uring_get_sqe(ring), socket, block, 1, 0);
        if (io_uring_submit(ring) != 1)
        {
            return "nothing";
        }
        return {|NVG0004:block[0]|} switch
        {
            0 => "open",
            > 0 and < 16 => "data",
            _ => "close",
        };
    }
}
