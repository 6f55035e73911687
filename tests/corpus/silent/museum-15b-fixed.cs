#nullable enable
// Museum row 15, fixed (museum/15b-message-header-of-an-inner-block.cs):
// https://github.com/axboe/liburing/issues/343
// Header and iovecs live in the block that submits and waits.
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
            iovec target;
            target.iov_base = received;
            target.iov_len = 64;
            msghdr message = default;
            message.msg_iov = &target;
            message.msg_iovlen = 1;
            io_uring_sqe* receive = io_uring_get_sqe(ring);
            io_uring_prep_recvmsg(receive, readEnd, &message, 0);
            receive->user_data = 1;

            iovec source;
            source.iov_base = sent;
            source.iov_len = 64;
            io_uring_sqe* send = io_uring_get_sqe(ring);
            io_uring_prep_writev(send, writeEnd, &source, 1, 0);
            send->user_data = 2;

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
