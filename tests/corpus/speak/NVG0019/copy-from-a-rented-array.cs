#nullable enable
using System.Buffers;
using NvmeGpu.Bindings;

internal sealed unsafe class Pooled(CudaFunctions cuda)
{
    public bool Upload(ulong device, CUstream_st* stream)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
        bool isGood;
        fixed (byte* host = rented)
        {
            CUresult copied = cuda.cuMemcpyHtoDAsync_v2(device, {|NVG0019:host|}, 4096, stream);
            isGood = cuda.cuStreamSynchronize(stream) == copied;
        }
        ArrayPool<byte>.Shared.Return(rented);
        return isGood;
    }
}
