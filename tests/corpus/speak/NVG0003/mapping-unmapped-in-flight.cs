#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Mapped
{
    public static int Read(io_uring* ring, int fd)
    {
        const int Flags = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS;
        void* area = Libc.mmap(null, 1 << 20, Libc.PROT_READ | Libc.PROT_WRITE, Flags, -1, 0);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, area, 1 << 20, 0);
        int submitted = io_uring_submit(ring);
        int errno = {|NVG0003:Libc.munmap(area, 1 << 20)|};
        return errno < 0 ? errno : submitted;
    }
}
