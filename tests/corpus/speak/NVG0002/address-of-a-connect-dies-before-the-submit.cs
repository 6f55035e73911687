#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Connector
{
    public static void Queue(io_uring* ring, int socket, ushort family)
    {
        var address = new sockaddr { sa_family = family };
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_connect(sqe, socket, {|NVG0002:&address|}, (uint)sizeof(sockaddr));
        io_uring_sqe_set_data64(sqe, 3);
    }
}
