#nullable enable
// Museum row 16, fixed (museum/16-stack-list-on-a-polled-ring.cs):
// https://github.com/axboe/liburing/issues/72
// The iovec is static, as the report's author made it.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class PolledSubmitter
{
    private const int BlockBytes = 4096;
    private static readonly iovec* s_piece = (iovec*)NativeMemory.Alloc((nuint)sizeof(iovec));
    private static io_uring* s_ring;
    private static int s_device;

    public static int Init(io_uring* ring, int device)
    {
        s_ring = ring;
        s_device = device;
        s_piece->iov_base = NativeMemory.AlignedAlloc(BlockBytes, BlockBytes);
        s_piece->iov_len = BlockBytes;
        io_uring_params parameters = default;
        parameters.flags = IORING_SETUP_SQPOLL;
        return io_uring_queue_init_params(32, ring, &parameters);
    }

    public static void Submit(ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(s_ring);
            if (sqe == null)
            {
                continue;
            }
            io_uring_prep_writev(sqe, s_device, s_piece, 1, i * BlockBytes);
            sqe->user_data = i;
            int result = io_uring_submit(s_ring);
            if (result < 0)
            {
                Console.WriteLine($"submit failed with {result}");
                return;
            }
        }
    }
}
