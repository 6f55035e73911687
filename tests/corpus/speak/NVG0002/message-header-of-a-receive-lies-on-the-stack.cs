#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Receiver(int socket)
{
    private readonly iovec* _pieces = (iovec*)NativeMemory.AllocZeroed((nuint)sizeof(iovec));

    public int Begin(io_uring* ring)
    {
        msghdr message = default;
        message.msg_iov = _pieces;
        message.msg_iovlen = 1;
        io_uring_prep_recvmsg(io_uring_get_sqe(ring), socket, {|NVG0002:&message|}, 0);
        return io_uring_submit(ring);
    }
}
