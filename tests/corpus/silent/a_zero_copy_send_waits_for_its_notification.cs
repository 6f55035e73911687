#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>
/// send_zc: the first completion says how much, the notification says that the memory is ours.
/// </summary>
public static unsafe class ZeroCopySend
{
    public static int Send(io_uring* ring, int socket, ReadOnlySpan<byte> message)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)message.Length);
        message.CopyTo(new Span<byte>(copy, message.Length));
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_send_zc(sqe, socket, copy, (nuint)message.Length, 0, 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        int sent = 0;
        bool isKept = true;
        while (isKept)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(ring, &cqe) != 0)
            {
                continue;
            }
            if ((cqe->flags & IORING_CQE_F_NOTIF) == 0)
            {
                sent = cqe->res;
            }
            isKept = (cqe->flags & IORING_CQE_F_MORE) != 0;
            io_uring_cqe_seen(ring, cqe);
        }
        NativeMemory.Free(copy);
        return sent;
    }
}
