#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>File to pipe to socket: no address of ours is involved.</summary>
public static unsafe class Splice
{
    public static long Send(io_uring* ring, int file, int pipeRead, int pipeWrite, int socket, long length)
    {
        long sent = 0;
        while (sent < length)
        {
            uint chunk = (uint)Math.Min(length - sent, 65536);
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_splice(sqe, file, sent, pipeWrite, -1, chunk, 0);
            int inPipe = Complete(ring);
            if (inPipe <= 0)
            {
                return inPipe < 0 ? inPipe : sent;
            }
            while (inPipe > 0)
            {
                sqe = io_uring_get_sqe(ring);
                io_uring_prep_splice(sqe, pipeRead, -1, socket, -1, (uint)inPipe, 0);
                int moved = Complete(ring);
                if (moved <= 0)
                {
                    return moved;
                }
                inPipe -= moved;
                sent += moved;
            }
        }
        return sent;
    }

    private static int Complete(io_uring* ring)
    {
        int result = io_uring_submit_and_wait(ring, 1);
        if (result < 0)
        {
            return result;
        }
        io_uring_cqe* cqe;
        result = io_uring_wait_cqe(ring, &cqe);
        if (result == 0)
        {
            result = cqe->res;
            io_uring_cqe_seen(ring, cqe);
        }
        return result;
    }
}
