#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class BlindWait
{
    private readonly byte* _block = (byte*)NativeMemory.AllocZeroed(64);

    public byte First(io_uring* ring, int fd)
    {
        io_uring_prep_read(io_uring_get_sqe(ring), fd, _block, 64, 0);
        io_uring_cqe* cqe;
        if (io_uring_submit(ring) != 1 || {|NVG0009:io_uring_wait_cqe(ring, &cqe)|} != 0)
        {
            throw new InvalidOperationException("No completion.");
        }
        io_uring_cqe_seen(ring, cqe);
        return _block[0];
    }
}
