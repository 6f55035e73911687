#nullable enable
// Museum row 16: https://github.com/axboe/liburing/issues/72 (C)
// One thread submits, another one reaps, on a global ring with a kernel thread that polls for submissions.
// Each submit used an iovec on its stack: the kernel thread reads it in its own time, so it worked until
// there was load. Init is a function of its own. (Of the submitting thread's code only the outline was to be
// read.)
// caught: NVG0002
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class PolledSubmitter
{
    private const int BlockBytes = 4096;
    private static io_uring* s_ring;
    private static int s_device;

    public static int Init(io_uring* ring, int device)
    {
        s_ring = ring;
        s_device = device;
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
            iovec iov;
            iov.iov_base = NativeMemory.AlignedAlloc(BlockBytes, BlockBytes);
            iov.iov_len = BlockBytes;
            io_uring_prep_writev(sqe, s_device, {|NVG0002:&iov|}, 1, i * BlockBytes);
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
