#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Opener
{
    private readonly sbyte* _path = (sbyte*)NativeMemory.AllocZeroed(256);

    public void Open(io_uring* ring, ulong flags)
    {
        open_how how = default;
        how.flags = flags;
        io_uring_prep_openat2(io_uring_get_sqe(ring), Libc.AT_FDCWD, _path, {|NVG0002:&how|});
        if (io_uring_sq_space_left(ring) > 0)
        {
            return;
        }
        throw new InvalidOperationException("The queue is full.");
    }
}
