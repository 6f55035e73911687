#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Holder
{
    private void* _block = NativeMemory.Alloc(4096);

    public bool Refill(io_uring* ring, int fd)
    {
        io_uring_prep_read(io_uring_get_sqe(ring), fd, _block, 4096, 0);
        bool isSubmitted = io_uring_submit(ring) > 0;
        {|NVG0003:NativeMemory.Free(_block)|};
        _block = null;
        return isSubmitted;
    }
}
