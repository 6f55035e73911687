#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Named
{
    private const int O_DIRECT = 0x4000;
    private readonly void* _block = NativeMemory.AlignedAlloc(8192, 4096);

    public int Write(io_uring* ring, byte[] path)
    {
        int fd;
        fixed (byte* name = path)
        {
            fd = Libc.open(name, O_DIRECT | Libc.O_CLOEXEC | 1);
        }
        const uint RecordBytes = 1000;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_write(sqe, buf: _block, offset: 0, nbytes: {|NVG0017:RecordBytes|}, fd: fd);
        return io_uring_submit(ring);
    }
}
