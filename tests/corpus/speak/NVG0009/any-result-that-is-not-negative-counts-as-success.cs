#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Loader
{
    private readonly void* _block = NativeMemory.AllocZeroed(4096);

    public bool Load(io_uring* ring, int fd)
    {
        io_uring_prep_read(io_uring_get_sqe(ring), fd, _block, 4096, 0);
        io_uring_cqe* cqe;
        if (io_uring_submit_and_wait(ring, 1) < 0 || io_uring_peek_cqe(ring, &cqe) != 0)
        {
            return false;
        }
        bool isLoaded = {|NVG0009:cqe->res|} >= 0;
        io_uring_cqe_seen(ring, cqe);
        return isLoaded;
    }
}
