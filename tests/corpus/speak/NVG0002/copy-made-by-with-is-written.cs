#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal record struct Header(uint Magic, uint Version);

internal static unsafe class Upgrade
{
    public static int Write(io_uring* ring, int fd, Header header)
    {
        Header next = header with { Version = header.Version + 1 };
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_write(nbytes: 8, offset: 0, buf: {|NVG0002:&next|}, fd: fd, sqe: sqe);
        return io_uring_submit(ring);
    }
}
