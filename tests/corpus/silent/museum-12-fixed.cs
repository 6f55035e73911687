#nullable enable
// Museum row 12, fixed (museum/12-cancelled-read-into-a-borrowed-buffer.cs):
// https://github.com/DataDog/glommio/issues/52
// https://github.com/DataDog/glommio/pull/118
// After the cancel the read's own completion is waited for; only then is the buffer the caller's again.
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
        }

        int result = -1;
        while (true)
        {
            io_uring_cqe* completion;
            if (io_uring_wait_cqe(ring, &completion) < 0)
            {
                continue;
            }
            bool isRead = completion->user_data == ReadId;
            result = isRead && completion->res == 4096 ? buffer[0] : result;
            io_uring_cqe_seen(ring, completion);
            if (isRead)
            {
                break;
            }
        }
        NativeMemory.Free(buffer);
        return result;
    }
}
