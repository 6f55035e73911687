#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class FileSize
{
    private readonly sbyte* _path = (sbyte*)NativeMemory.AllocZeroed(256);

    public bool Ask(io_uring* ring)
    {
        statx result;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_statx(sqe, Libc.AT_FDCWD, _path, 0, Libc.STATX_SIZE, {|NVG0002:&result|});
        return io_uring_submit(ring) == 1;
    }
}
