#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Lazy(int fd)
{
    private readonly byte[] _page = new byte[4096];
    private io_uring* _ring;

    public bool IsBegun
    {
        get
        {
            fixed (byte* p = &_page[512])
            {
                io_uring_prep_read(io_uring_get_sqe(_ring), fd, {|NVG0001:p|}, 512, 0);
            }
            return io_uring_submit(_ring) == 1;
        }
    }

    public void Use(io_uring* ring) => _ring = ring;
}
