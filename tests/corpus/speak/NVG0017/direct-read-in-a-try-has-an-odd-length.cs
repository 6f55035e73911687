#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Guarded
{
    private const int O_DIRECT = 0x4000;
    private readonly void* _block = NativeMemory.AlignedAlloc(8192, 4096);

    public int Read(io_uring* ring, byte[] path)
    {
        int fd;
        fixed (byte* name = path)
        {
            fd = Libc.open(name, Libc.O_RDONLY | O_DIRECT | Libc.O_CLOEXEC);
        }
        try
        {
            io_uring_prep_read(io_uring_get_sqe(ring), fd, _block, {|NVG0017:511|}, 512);
            return io_uring_submit(ring);
        }
        catch (DllNotFoundException)
        {
            return -1;
        }
    }
}
