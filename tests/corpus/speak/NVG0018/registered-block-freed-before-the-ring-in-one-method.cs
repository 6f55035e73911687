#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Method
{
    public static int Run(int fd)
    {
        io_uring ring;
        if (io_uring_queue_init(8, &ring, 0) != 0)
        {
            return -1;
        }
        void* block = NativeMemory.AlignedAlloc(4096, 4096);
        var piece = new iovec { iov_base = block, iov_len = 4096 };
        int errno = io_uring_register_buffers(&ring, &piece, 1);
        io_uring_prep_read_fixed(io_uring_get_sqe(&ring), fd, block, 4096, 0, 0);
        int count = io_uring_submit_and_wait(&ring, 1);
        {|NVG0018:NativeMemory.AlignedFree(block)|};
        io_uring_queue_exit(&ring);
        return errno < 0 ? errno : count;
    }
}
