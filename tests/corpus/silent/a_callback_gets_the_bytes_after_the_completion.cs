#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A delegate with a span, called when the kernel is done.</summary>
public static unsafe class Callbacks
{
    public delegate void OnBytes(ReadOnlySpan<byte> bytes);

    public static void ForEachBlock(io_uring* ring, int fd, OnBytes use)
    {
        byte* block = (byte*)NativeMemory.Alloc(4096);
        ulong offset = 0;
        while (true)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, block, 4096, offset);
            if (io_uring_submit(ring) != 1)
            {
                Environment.FailFast("io_uring_submit");
            }
            io_uring_cqe* cqe;
            while (io_uring_wait_cqe(ring, &cqe) != 0)
            {
            }
            int count = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            if (count <= 0)
            {
                break;
            }
            use(new ReadOnlySpan<byte>(block, count));
            offset += (ulong)count;
        }
        NativeMemory.Free(block);
    }
}
