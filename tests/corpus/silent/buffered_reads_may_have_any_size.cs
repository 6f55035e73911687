#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Without O_DIRECT no size or offset is wrong.</summary>
public static unsafe class OddSizes
{
    public static int Read(io_uring* ring, int fd)
    {
        byte* record = (byte*)NativeMemory.Alloc(13);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, record, 13, 7);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        int result;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        int checksum = 0;
        for (int i = 0; i < count; i++)
        {
            checksum = checksum * 31 + record[i];
        }
        NativeMemory.Free(record);
        return checksum;
    }
}
