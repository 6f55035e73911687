#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Patterns over the result: an error, the end, a part, all of it.</summary>
public static unsafe class Patterns
{
    public static string Describe(io_uring* ring, int fd)
    {
        const int Asked = 4096;
        byte* buffer = (byte*)NativeMemory.Alloc(Asked);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, buffer, Asked, 0);
        if (io_uring_submit(ring) is not 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) is not 0)
        {
        }
        string text = cqe->res switch
        {
            < 0 and var error => $"error {-error}",
            0 => "end of file",
            Asked => $"full, starts with {buffer[0]}",
            var count => $"short, {count} bytes, starts with {buffer[0]}",
        };
        io_uring_cqe_seen(ring, cqe);
        NativeMemory.Free(buffer);
        return text;
    }
}
