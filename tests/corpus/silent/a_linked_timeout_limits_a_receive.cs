#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The timespec lives until submit; the buffer until the receive's own completion.</summary>
public static unsafe class LimitedReceive
{
    public static int Receive(io_uring* ring, int socket, Span<byte> into)
    {
        byte* buffer = (byte*)NativeMemory.Alloc((nuint)into.Length);
        var limit = new __kernel_timespec { tv_sec = 5 };
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_recv(sqe, socket, buffer, (nuint)into.Length, 0);
        io_uring_sqe_set_data64(sqe, 10);
        io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
        sqe = io_uring_get_sqe(ring);
        io_uring_prep_link_timeout(sqe, &limit, 0);
        io_uring_sqe_set_data64(sqe, 11);
        int submitted = io_uring_submit(ring);
        if (submitted != 2)
        {
            Environment.FailFast("io_uring_submit");
        }
        int received = 0;
        for (int left = 2; left > 0; left--)
        {
            io_uring_cqe* cqe;
            while (io_uring_wait_cqe(ring, &cqe) != 0)
            {
            }
            if (io_uring_cqe_get_data64(cqe) == 10)
            {
                received = cqe->res;
            }
            io_uring_cqe_seen(ring, cqe);
        }
        if (received > 0)
        {
            new ReadOnlySpan<byte>(buffer, received).CopyTo(into);
        }
        NativeMemory.Free(buffer);
        return received;
    }
}
