#nullable enable
// Museum row 28: https://github.com/axboe/liburing/issues/514 (C++)
// A function prepares an entry, submits, and then gives the entry to its caller's callback, which sets the
// user data. The kernel has read the entry, or another operation is using it by then.
// missed: the write is in the callback, the submit is where the callback is unknown
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal unsafe delegate void SetUserData(io_uring_sqe* sqe);

internal static unsafe class LateUserData
{
    public static int Run(io_uring* ring, int fd)
    {
        return Begin(ring, fd, Number);

        static void Number(io_uring_sqe* sqe) => io_uring_sqe_set_data64(sqe, 42);
    }

    private static int Begin(io_uring* ring, int fd, SetUserData setUserData)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_fsync(sqe, fd, 0);
        int submitted = io_uring_submit(ring);
        setUserData(sqe);
        return submitted;
    }
}
