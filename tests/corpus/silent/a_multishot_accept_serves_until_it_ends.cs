#nullable enable
using System;
using System.Threading;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>No address is asked for, so nothing is kept; F_MORE says whether it goes on.</summary>
public static unsafe class Acceptor
{
    public static void Serve(io_uring* ring, int listener, Action<int> onClient, CancellationToken stop)
    {
        bool isArmed = false;
        while (!stop.IsCancellationRequested)
        {
            if (!isArmed)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                if (sqe == null)
                {
                    throw new InvalidOperationException("The submission queue is full.");
                }
                io_uring_prep_multishot_accept(sqe, listener, null, null, 0x80000);
                isArmed = true;
            }
            int result = io_uring_submit_and_wait(ring, 1);
            if (result < 0 && result != -Libc.EINTR)
            {
                throw new IoUringException("io_uring_submit_and_wait", -result, "");
            }
            io_uring_cqe* cqe;
            while (io_uring_peek_cqe(ring, &cqe) == 0)
            {
                int client = cqe->res;
                isArmed = (cqe->flags & IORING_CQE_F_MORE) != 0;
                io_uring_cqe_seen(ring, cqe);
                if (client >= 0)
                {
                    onClient(client);
                }
            }
        }
    }
}
