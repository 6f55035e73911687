#nullable enable
using System;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A Socket of the class library, its handle on a ring; send and receive in flight at
/// once.</summary>
public static unsafe class Ping
{
    public static bool RoundTrip(Socket client, Socket server)
    {
        io_uring ring = default;
        if (io_uring_queue_init(4, &ring, 0) != 0)
        {
            return false;
        }
        Span<byte> question = stackalloc byte[4] { 1, 2, 3, 4 };
        Span<byte> answer = stackalloc byte[4];
        bool isSame;
        fixed (byte* sent = question, received = answer)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            io_uring_prep_send(sqe, (int)client.Handle, sent, 4, 0);
            io_uring_sqe_set_data64(sqe, 1);
            sqe = io_uring_get_sqe(&ring);
            io_uring_prep_recv(sqe, (int)server.Handle, received, 4, 0x100);
            io_uring_sqe_set_data64(sqe, 2);
            int result = io_uring_submit_and_wait(&ring, 2);
            int good = 0;
            for (int seen = 0; seen < 2;)
            {
                io_uring_cqe* cqe;
                result = io_uring_wait_cqe(&ring, &cqe);
                if (result == -Libc.EINTR)
                {
                    continue;
                }
                if (result < 0)
                {
                    Environment.FailFast("io_uring_wait_cqe");
                }
                good += cqe->res == 4 ? 1 : 0;
                io_uring_cqe_seen(&ring, cqe);
                seen++;
            }
            isSame = good == 2 && question.SequenceEqual(answer);
        }
        io_uring_queue_exit(&ring);
        GC.KeepAlive(client);
        GC.KeepAlive(server);
        return isSame;
    }
}
