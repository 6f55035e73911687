#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class PreparedRead
{
    private readonly byte[] _target = new byte[4096];
    private readonly io_uring_sqe* _entry;

    public PreparedRead(io_uring* ring, int fd)
    {
        _entry = io_uring_get_sqe(ring);
        fixed (byte* p = _target)
        {
            io_uring_prep_read(_entry, fd, {|NVG0001:p|}, 4096, 0);
        }
    }

    public ulong Tag => _entry->user_data;
}
