#nullable enable
// Museum row 15, fixed (museum/15c-message-header-of-a-function-that-does-not-submit.cs):
// https://github.com/axboe/liburing/pull/1410
// Header, pieces and bytes are in the frame that submits and waits.
using System;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class SendTest
{
    private const uint AsyncFlag = 16;

    public static int Run(io_uring* ring, int socket)
    {
        iovec* pieces = stackalloc iovec[16];
        byte* bytes = stackalloc byte[64];
        for (int i = 0; i < 16; i++)
        {
            pieces[i].iov_base = bytes + (i * 4);
            pieces[i].iov_len = 4;
        }
        msghdr message = default;
        message.msg_iov = pieces;
        message.msg_iovlen = 16;

        QueueSends(ring, socket, &message);
        if (io_uring_submit(ring) != 1)
        {
            throw new InvalidOperationException("The kernel did not take the send.");
        }
        io_uring_cqe* cqe;
        int error = io_uring_wait_cqe(ring, &cqe);
        return error == 0 && cqe->res == 64 ? 0 : 1;
    }

    private static void QueueSends(
        io_uring* ring, int socket, [KernelRetains(Until.Completion)] msghdr* message)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_sendmsg(sqe, socket, message, 0);
        sqe->flags |= (byte)AsyncFlag;
        sqe->user_data = 1;
    }
}
