#nullable enable
// Museum row 21, fixed (museum/21-fixed-write-without-registration.cs):
// https://github.com/hodgesds/iouring-go/issues/4
// The buffer is registered first, and filled again only after the first write has completed.
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class FixedWrites
{
    public static bool WriteTwoLines(io_uring* ring, int fd)
    {
        byte* line = (byte*)NativeMemory.Alloc(2);
        line[0] = (byte)'a';
        line[1] = (byte)'\n';
        var whole = new iovec { iov_base = line, iov_len = 2 };
        if (io_uring_register_buffers(ring, &whole, 1) < 0)
        {
            return false;
        }
        io_uring_sqe* first = io_uring_get_sqe(ring);
        io_uring_prep_write_fixed(first, fd, line, 2, 0, 0);
        first->user_data = 1;
        io_uring_cqe* written;
        if (io_uring_submit(ring) != 1 || io_uring_wait_cqe(ring, &written) < 0)
        {
            return false;
        }
        bool isWritten = written->res == 2;
        io_uring_cqe_seen(ring, written);

        line[0] = (byte)'b';
        io_uring_sqe* second = io_uring_get_sqe(ring);
        io_uring_prep_write_fixed(second, fd, line, 2, 2, 0);
        second->user_data = 2;
        if (io_uring_submit_and_wait(ring, 1) < 0)
        {
            return false;
        }
        foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(ring))
        {
            isWritten &= cqe->res == 2;
        }
        io_uring_cq_advance(ring, 1);
        _ = io_uring_unregister_buffers(ring);
        NativeMemory.Free(line);
        return isWritten;
    }
}
