#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>SINGLE_ISSUER and DEFER_TASKRUN: made and used by one dedicated thread.</summary>
public static unsafe class OneIssuer
{
    public static int RunOnThread(int fd)
    {
        int count = 0;
        var thread = new Thread(() => count = Run(fd));
        thread.Start();
        thread.Join();
        return count;
    }

    private static int Run(int fd)
    {
        io_uring ring;
        int result = io_uring_queue_init(8, &ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
        if (result < 0)
        {
            return result;
        }
        byte* buffer = (byte*)NativeMemory.Alloc(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(&ring);
        io_uring_prep_read(sqe, fd, buffer, 4096, 0);
        if (io_uring_submit(&ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_get_events(&ring) < 0 || io_uring_peek_cqe(&ring, &cqe) != 0)
        {
            Thread.Yield();
        }
        int count = cqe->res;
        io_uring_cqe_seen(&ring, cqe);
        io_uring_queue_exit(&ring);
        NativeMemory.Free(buffer);
        return count;
    }
}
