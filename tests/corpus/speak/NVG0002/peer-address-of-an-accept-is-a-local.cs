#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Listener(int socket)
{
    private readonly uint* _lengthBytes = (uint*)NativeMemory.AllocZeroed(4);

    public void Accept(io_uring* ring)
    {
        sockaddr peer = default;
        *_lengthBytes = (uint)sizeof(sockaddr);
        io_uring_prep_accept(io_uring_get_sqe(ring), socket, {|NVG0002:&peer|}, _lengthBytes, 0);
        if (io_uring_submit(ring) < 1)
        {
            throw new InvalidOperationException("Not submitted.");
        }
    }
}
