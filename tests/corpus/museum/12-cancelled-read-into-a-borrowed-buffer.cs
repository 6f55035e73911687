#nullable enable
// Museum row 12: https://github.com/DataDog/glommio/issues/52, https://github.com/DataDog/glommio/pull/118
// (Rust)
// A file's read_at borrows the caller's buffer for the time of its future. A caller that gives up (the other
// arm of a select) drops the future: the cancel is only asked for, the borrow is over, and the kernel writes
// into bytes that the caller uses again. The buffer is the caller's local; the operation lives in the ring.
// (Ported from the review thread of the second link.)
// caught: NVG0004
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class SelectedRead
{
    private const ulong ReadId = 1;
    private const ulong CancelId = 2;

    public static int FirstByteOrMinusOne(io_uring* ring, int fd, bool hasTimedOut)
    {
        byte* buffer = (byte*)NativeMemory.Alloc(4096);
        io_uring_sqe* read = io_uring_get_sqe(ring);
        io_uring_prep_read(read, fd, buffer, 4096, 0);
        io_uring_sqe_set_data64(read, ReadId);
        if (io_uring_submit(ring) != 1)
        {
            return -1;
        }

        if (hasTimedOut)
        {
            io_uring_sqe* cancel = io_uring_get_sqe(ring);
            io_uring_prep_cancel64(cancel, ReadId, 0);
            io_uring_sqe_set_data64(cancel, CancelId);
            _ = io_uring_submit(ring);
            {|NVG0004:buffer[0]|} = 0; // the buffer is "ours" again, for the answer that means "too late"
            return -1;
        }

        io_uring_cqe* completion;
        int error = io_uring_wait_cqe(ring, &completion);
        int result = error == 0 && completion->res == 4096 ? buffer[0] : -1;
        NativeMemory.Free(buffer);
        return result;
    }
}
