#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Registered : IDisposable
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    private readonly void* _block = NativeMemory.AlignedAlloc(4096, 4096);
    private readonly iovec* _piece = (iovec*)NativeMemory.AllocZeroed((nuint)sizeof(iovec));

    public bool Register()
    {
        _piece->iov_base = _block;
        _piece->iov_len = 4096;
        return io_uring_register_buffers(_ring, _piece, 1) == 0;
    }

    public void Dispose()
    {
        {|NVG0018:NativeMemory.AlignedFree(_block)|};
        if (io_uring_unregister_buffers(_ring) != 0)
        {
            Console.Error.WriteLine("The buffers are still registered.");
        }
    }
}
