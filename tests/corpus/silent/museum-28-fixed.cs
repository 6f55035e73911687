#nullable enable
// Museum row 28, fixed (museum/28a-callback-writes-an-entry-after-submit.cs):
// https://github.com/axboe/liburing/issues/514
// The callback has its turn before the submit.
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
        setUserData(sqe);
        return io_uring_submit(ring);
    }
}
