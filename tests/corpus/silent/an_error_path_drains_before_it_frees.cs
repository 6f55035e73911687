#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>When a later step fails, what was begun is waited for first.</summary>
public static unsafe class DrainOnError
{
    public static void CopyHeader(io_uring* ring, int from, int to)
    {
        byte* buffer = (byte*)NativeMemory.Alloc(512);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, from, buffer, 512, 0);
        int submitted = io_uring_submit(ring);
        if (submitted < 1)
        {
            throw new IoUringException("io_uring_submit", -submitted, "");
        }
        try
        {
            if (Libc.lseek(to, 0, Libc.SEEK_END) < 0)
            {
                throw new InvalidOperationException("The target cannot be positioned.");
            }
        }
        finally
        {
            io_uring_cqe* cqe;
            int result;
            while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
            {
            }
            if (result < 0)
            {
                Environment.FailFast("the read may still write");
            }
            int count = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            if (count > 0)
            {
                _ = Libc.write(to, buffer, (nuint)count);
            }
            NativeMemory.Free(buffer);
        }
    }
}
