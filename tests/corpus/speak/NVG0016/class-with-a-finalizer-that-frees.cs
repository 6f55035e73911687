#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal sealed class NativeBlock
{
    private readonly nint _address = Marshal.AllocHGlobal(4096);

    ~NativeBlock() => Marshal.FreeHGlobal(_address);

    [Stable]
    public nint Address => _address;
}

internal static unsafe class Finalized
{
    public static int Read(io_uring* ring, int fd)
    {
        var block = new NativeBlock();
        void* start = (void*){|NVG0016:block.Address|};
        io_uring_prep_read(io_uring_get_sqe(ring), fd, start, 4096, 0);
        return io_uring_submit(ring);
    }
}
