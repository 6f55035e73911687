#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Mapped(int fd)
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    private readonly void* _area = Libc.mmap(null, 4096, Libc.PROT_READ, Libc.MAP_PRIVATE, fd, 0);

    ~Mapped()
    {
        if ({|NVG0018:Libc.munmap(_area, 4096)|} == 0)
        {
            io_uring_queue_exit(_ring);
        }
    }

    public int Begin(int socket)
    {
        io_uring_prep_send(io_uring_get_sqe(_ring), socket, _area, 4096, 0);
        return io_uring_submit(_ring);
    }
}
