#nullable enable
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Pooled(int socket) : IDisposable
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    private MemoryHandle _pin = GC.AllocateArray<byte>(4096, pinned: true).AsMemory().Pin();

    public bool Begin()
    {
        io_uring_prep_recv(io_uring_get_sqe(_ring), socket, _pin.Pointer, 4096, 0);
        return io_uring_submit(_ring) == 1;
    }

    public void Dispose()
    {
        {|NVG0018:_pin.Dispose()|};
        io_uring_queue_exit(_ring);
    }
}
