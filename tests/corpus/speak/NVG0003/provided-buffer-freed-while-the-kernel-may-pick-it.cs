#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Provider
{
    private io_uring_buf_ring* _buffers;

    public void Use(io_uring_buf_ring* buffers) => _buffers = buffers;

    public void Offer()
    {
        void* packet = NativeMemory.Alloc(2048);
        io_uring_buf_ring_add(_buffers, packet, 2048, 0, io_uring_buf_ring_mask(8), 0);
        io_uring_buf_ring_advance(_buffers, 1);
        {|NVG0003:NativeMemory.Free(packet)|};
    }
}
