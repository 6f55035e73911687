#nullable enable
// Museum row 15: https://github.com/axboe/liburing/issues/343 (C)
// A loop prepares a recvmsg in one block and a writev in the next, each with header and iovec declared inside
// its block, and submits both after the blocks. The compiler may give the second block the first one's stack:
// results were odd error codes or no completion at all.
// caught: NVG0002
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Echo
{
    public static void Run(io_uring* ring, int readEnd, int writeEnd)
    {
        byte* received = stackalloc byte[64];
        byte* sent = stackalloc byte[64];
        for (int i = 0; i < 100_000; i++)
        {
            {
                iovec iov;
                iov.iov_base = received;
                iov.iov_len = 64;
                msghdr message = default;
                message.msg_iov = {|NVG0002:&iov|};
                message.msg_iovlen = 1;

                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_recvmsg(sqe, readEnd, {|NVG0002:&message|}, 0);
                sqe->user_data = 1;
            }

            {
                iovec iov;
                iov.iov_base = sent;
                iov.iov_len = 64;

                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_writev(sqe, writeEnd, {|NVG0002:&iov|}, 1, 0);
                sqe->user_data = 2;
            }

            if (io_uring_submit_and_wait(ring, 2) != 2)
            {
                throw new InvalidOperationException("The kernel did not take both.");
            }
            foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(ring))
            {
                Console.WriteLine($"{cqe->user_data}: {cqe->res}");
            }
            io_uring_cq_advance(ring, 2);
        }
    }
}
