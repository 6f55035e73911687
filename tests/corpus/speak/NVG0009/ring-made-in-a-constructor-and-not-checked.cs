#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class RingOwner
{
    private readonly io_uring* _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));

    public RingOwner(uint depth)
    {
        checked
        {
            {|NVG0009:io_uring_queue_init(entries: depth * 2, flags: 0, ring: _ring)|};
        }
    }
}
