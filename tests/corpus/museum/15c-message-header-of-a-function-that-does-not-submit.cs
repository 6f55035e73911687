#nullable enable
// Museum row 15: https://github.com/axboe/liburing/pull/1410 (C, liburing's own test, found by ASAN)
// A test's helper fills a message header and its iovecs on its own stack and only prepares the send;
// submitting is the caller's next statement, when the helper's frame is gone.
// caught: NVG0002
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class SendTest
{
    private const uint AsyncFlag = 16;

    public static int Run(io_uring* ring, int socket)
    {
        QueueSends(ring, socket);
        int submitted = io_uring_submit(ring);
        return submitted == 1 ? 0 : 1;
    }

    private static void QueueSends(io_uring* ring, int socket)
    {
        iovec* pieces = stackalloc iovec[16];
        byte* bytes = stackalloc byte[64];
        for (int i = 0; i < 16; i++)
        {
            pieces[i].iov_base = {|NVG0002:bytes + (i * 4)|};
            pieces[i].iov_len = 4;
        }
        msghdr message = default;
        message.msg_iov = {|NVG0002:pieces|};
        message.msg_iovlen = 16;

        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_sendmsg(sqe, socket, {|NVG0002:&message|}, 0);
        sqe->flags |= (byte)AsyncFlag;
        sqe->user_data = 1;
    }
}
