#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal unsafe class Pattern(int fd) : IDisposable
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
    private void* _block = NativeMemory.Alloc(4096);

    public void Begin(ulong offset)
    {
        io_uring_prep_write(io_uring_get_sqe(_ring), fd, _block, 4096, offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(io_uring_submit(_ring), 1);
    }

    public void Dispose()
    {
        if (_block != null)
        {
            {|NVG0018:NativeMemory.Free(_block)|};
            _block = null;
            io_uring_queue_exit(_ring);
        }
        GC.SuppressFinalize(this);
    }
}
