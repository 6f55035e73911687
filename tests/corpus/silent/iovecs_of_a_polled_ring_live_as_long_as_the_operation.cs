#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>
/// SQPOLL: the kernel's thread reads the list when it likes, so it is native memory as well.
/// </summary>
public static unsafe class PolledVectors
{
    public static int Read(int fd)
    {
        io_uring ring;
        int result = io_uring_queue_init(4, &ring, IORING_SETUP_SQPOLL);
        if (result < 0)
        {
            return result;
        }
        var list = (iovec*)NativeMemory.Alloc((nuint)(2 * sizeof(iovec) + 8192));
        byte* data = (byte*)(list + 2);
        list[0] = new iovec { iov_base = data, iov_len = 4096 };
        list[1] = new iovec { iov_base = data + 4096, iov_len = 4096 };
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        io_uring_prep_readv(sqe, fd, list, 2, 0);
        if (io_uring_submit(&ring) < 0)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(&ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(&ring, cqe);
        io_uring_queue_exit(&ring);
        int last = count > 0 ? data[count - 1] : count;
        NativeMemory.Free(list);
        return last;
    }
}
