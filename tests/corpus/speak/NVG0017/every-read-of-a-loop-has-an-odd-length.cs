#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Loop
{
    private const int O_DIRECT = 0x4000;
    private readonly void* _block = NativeMemory.AlignedAlloc(8192, 4096);

    public int Read(io_uring* ring, byte[] path, int count)
    {
        int fd;
        fixed (byte* name = path)
        {
            fd = Libc.open(name, Libc.O_RDONLY | O_DIRECT);
        }
        for (int i = 0; i < count; i++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, _block, {|NVG0017:4095|}, (ulong)i * 4096);
        }
        return io_uring_submit(ring);
    }
}
