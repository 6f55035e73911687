#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Operation
{
    private readonly io_uring_sqe* _entry;

    public Operation(io_uring* ring, int socket, byte* {|NVG0090:packet|})
    {
        _entry = io_uring_get_sqe(ring);
        io_uring_prep_recv(_entry, socket, packet, 1500, 0);
    }

    public ulong Tag => _entry->user_data;
}
