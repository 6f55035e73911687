#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Blocks
{
    private readonly byte* _block = (byte*)NativeMemory.AllocZeroed(4096);

    public bool ReadAll(io_uring* ring, int fd, int count)
    {
        for (int i = 0; i < count; i++)
        {
            io_uring_prep_read(io_uring_get_sqe(ring), fd, _block, 4096, (ulong)i * 4096);
            io_uring_cqe* cqe = null;
            if (io_uring_submit(ring) != 1 || io_uring_wait_cqe(ring, &cqe) != 0)
            {
                return false;
            }
            bool hasFailed = {|NVG0009:cqe->res|} < 0;
            io_uring_cqe_seen(ring, cqe);
            if (hasFailed)
            {
                return false;
            }
        }
        return true;
    }
}
