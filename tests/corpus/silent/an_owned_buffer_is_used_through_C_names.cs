#nullable enable
using System;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>GpuMappedBuffer's memory in a ring by hand: stable, and disposed after the wait.</summary>
public static unsafe class OwnedBufferRawRing
{
    public static int Read(io_uring* ring, int fd)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(8192);
        byte* first = (byte*)buffer.Address;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, first, 4096, 0);
        io_uring_sqe_set_data64(sqe, 0);
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, first + 4096, 4096, 4096);
        io_uring_sqe_set_data64(sqe, 1);
        if (io_uring_submit(ring) != 2)
        {
            Environment.FailFast("io_uring_submit");
        }
        int* counts = stackalloc int[2];
        for (int seen = 0; seen < 2;)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(ring, &cqe) == 0)
            {
                counts[io_uring_cqe_get_data64(cqe)] = cqe->res;
                io_uring_cqe_seen(ring, cqe);
                seen++;
            }
        }
        return counts[0] == 4096 && counts[1] > 0 ? first[4095 + counts[1]] : -1;
    }
}
