#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Many : IDisposable
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    private readonly void* _slots = NativeMemory.AlignedAlloc(1 << 20, 4096);

    public bool Register(iovec* pieces, int count)
    {
        for (int i = 0; i < count; i++)
        {
            pieces[i] = new iovec { iov_base = (byte*)_slots + i * 4096, iov_len = 4096 };
        }
        return io_uring_register_buffers(_ring, pieces, (uint)count) == 0;
    }

    public void Dispose()
    {
        try
        {
            {|NVG0018:NativeMemory.AlignedFree(_slots)|};
        }
        finally
        {
            io_uring_queue_exit(_ring);
        }
    }
}
