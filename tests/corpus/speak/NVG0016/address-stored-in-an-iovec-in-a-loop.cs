#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class Pieces
{
    public static void Fill(iovec* pieces, int count)
    {
        for (int i = 0; i < count; i++)
        {
            GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
            pieces[i].iov_len = (nuint)buffer.LengthBytes;
            pieces[i].iov_base = (void*){|NVG0016:buffer.Address|};
        }
    }
}
