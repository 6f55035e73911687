#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class Stored
{
    public static void Fill(io_uring_sqe* sqe)
    {
        var buffer = GpuMappedBuffer.AllocateHost(4096);
        uint length = (uint)buffer.LengthBytes;
        sqe->addr = (ulong){|NVG0016:buffer.Address|};
        sqe->len = length;
    }
}
