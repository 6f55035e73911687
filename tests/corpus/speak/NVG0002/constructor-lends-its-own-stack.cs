#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Handshake
{
    public Handshake(io_uring* ring, int socket)
    {
        byte* hello = stackalloc byte[4] { 1, 0, 0, 0 };
        io_uring_prep_send(io_uring_get_sqe(ring), socket, {|NVG0002:hello|}, 4, 0);
        IsSubmitted = io_uring_submit(ring) == 1;
    }

    public bool IsSubmitted { get; }
}
