#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class TwoBlocks(int fd) : IDisposable
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    private readonly void* _head = NativeMemory.Alloc(512);
    private readonly void* _body = NativeMemory.Alloc(4096);

    public int Begin()
    {
        io_uring_prep_read(io_uring_get_sqe(_ring), fd, _head, 512, 0);
        io_uring_prep_read(io_uring_get_sqe(_ring), fd, _body, 4096, 512);
        return io_uring_submit(_ring);
    }

    public void Dispose()
    {
        {|NVG0018:NativeMemory.Free(_head)|};
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_body);
    }
}
