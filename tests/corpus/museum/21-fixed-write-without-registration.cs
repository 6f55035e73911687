#nullable enable
// Museum row 21: https://github.com/hodgesds/iouring-go/issues/4 (Go)
// A ring's WriteFixed was offered and used with nothing registered, and the caller filled the same buffer
// again for the next write before the first one had completed. (The report was not to be found: ported from
// the row's words.)
// caught: NVG0006, NVG0004
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
        io_uring_sqe* first = io_uring_get_sqe(ring);
        io_uring_prep_write_fixed(first, fd, {|NVG0006:line|}, 2, 0, 0);
        first->user_data = 1;
        if (io_uring_submit(ring) != 1)
        {
            return false;
        }

        {|NVG0004:line[0]|} = (byte)'b';
        io_uring_sqe* second = io_uring_get_sqe(ring);
        io_uring_prep_write_fixed(second, fd, {|NVG0006:line|}, 2, 2, 0);
        second->user_data = 2;
        if (io_uring_submit_and_wait(ring, 2) < 0)
        {
            return false;
        }
        bool isWritten = true;
        foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(ring))
        {
            isWritten &= cqe->res == 2;
        }
        io_uring_cq_advance(ring, 2);
        NativeMemory.Free(line);
        return isWritten;
    }
}
