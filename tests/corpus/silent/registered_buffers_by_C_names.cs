#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Two registered buffers, each used by its own index and inside its length.</summary>
public static unsafe class FixedBuffers
{
    public static int Copy(int from, int to)
    {
        io_uring ring;
        int result = io_uring_queue_init(4, &ring, 0);
        if (result < 0)
        {
            return result;
        }
        byte* memory = (byte*)NativeMemory.AlignedAlloc(2 * 4096, 4096);
        iovec* table = stackalloc iovec[2];
        table[0] = new iovec { iov_base = memory, iov_len = 4096 };
        table[1] = new iovec { iov_base = memory + 4096, iov_len = 4096 };
        result = io_uring_register_buffers(&ring, table, 2);
        if (result == 0)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            io_uring_prep_read_fixed(sqe, from, memory, 4096, 0, 0);
            result = Complete(&ring);
            if (result > 0)
            {
                new ReadOnlySpan<byte>(memory, result).CopyTo(new Span<byte>(memory + 4096, 4096));
                sqe = io_uring_get_sqe(&ring);
                io_uring_prep_write_fixed(sqe, to, memory + 4096, (uint)result, 0, 1);
                result = Complete(&ring);
            }
            _ = io_uring_unregister_buffers(&ring);
        }
        io_uring_queue_exit(&ring);
        NativeMemory.AlignedFree(memory);
        return result;
    }

    private static int Complete(io_uring* ring)
    {
        io_uring_cqe* cqe;
        int result;
        do
        {
            result = io_uring_submit_and_wait(ring, 1);
        }
        while (result == -Libc.EINTR);
        if (result < 0 || io_uring_peek_cqe(ring, &cqe) != 0)
        {
            Environment.FailFast("the ring does not answer");
            return 0;
        }
        result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return result;
    }
}
