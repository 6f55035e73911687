#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>fixed around submit and wait; the pointer does not leave it.</summary>
public static unsafe class FixedWithWait
{
    public static int Read(io_uring* ring, int fd, byte[] into, long offset)
    {
        int filled = 0;
        fixed (byte* pointer = into)
        {
            while (filled < into.Length)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(
                    sqe, fd, pointer + filled, (uint)(into.Length - filled), (ulong)(offset + filled));
                if (io_uring_submit(ring) != 1)
                {
                    Environment.FailFast("io_uring_submit took nothing");
                }
                io_uring_cqe* cqe;
                int result;
                do
                {
                    result = io_uring_wait_cqe(ring, &cqe);
                }
                while (result == -Libc.EINTR);
                if (result < 0)
                {
                    Environment.FailFast("the array may not move while the read goes on");
                }
                int count = cqe->res;
                io_uring_cqe_seen(ring, cqe);
                if (count < 0)
                {
                    return count;
                }
                if (count == 0)
                {
                    break;
                }
                filled += count;
            }
        }
        return filled;
    }
}
