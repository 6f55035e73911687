#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Journal
{
    private readonly byte* _record = (byte*)NativeMemory.AllocZeroed(512);

    public void Append(io_uring* ring, int fd)
    {
        io_uring_prep_write(io_uring_get_sqe(ring), fd, _record, 512, ulong.MaxValue);
        io_uring_cqe* cqe = null;
        if (io_uring_submit(ring) != 1 || io_uring_wait_cqe(ring, &cqe) < 0)
        {
            throw new InvalidOperationException("Not written.");
        }
        if ({|NVG0009:cqe->res|} < 0)
        {
            throw new InvalidOperationException("The write failed.");
        }
        io_uring_cqe_seen(ring, cqe);
    }
}
