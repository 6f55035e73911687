#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Both
{
    private const int O_DIRECT = 0x4000;
    private readonly void* _block = NativeMemory.AlignedAlloc(8192, 4096);

    public int Read(io_uring* ring, byte[] path)
    {
        int fd;
        fixed (byte* name = path)
        {
            fd = Libc.open(name, O_DIRECT | Libc.O_NOATIME);
        }
        checked
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, _block, {|NVG0017:700|}, {|NVG0017:300|});
            return io_uring_submit(ring);
        }
    }
}
