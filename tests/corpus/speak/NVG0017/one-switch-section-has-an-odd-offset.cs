#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Sections
{
    private const int O_DIRECT = 0x4000;
    private readonly void* _block = NativeMemory.AlignedAlloc(8192, 4096);

    public int Read(io_uring* ring, byte[] path, int part)
    {
        int fd;
        fixed (byte* name = path)
        {
            fd = Libc.open(name, O_DIRECT);
        }
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        switch (part)
        {
            case 0:
                io_uring_prep_read(sqe, fd, _block, 512, 0);
                break;
            default:
                io_uring_prep_read(sqe, fd, _block, 512, {|NVG0017:16|});
                break;
        }
        return io_uring_submit(ring);
    }
}
