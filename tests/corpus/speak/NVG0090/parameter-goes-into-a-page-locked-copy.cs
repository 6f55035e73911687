#nullable enable
using NvmeGpu.Bindings;

internal sealed unsafe class Upload(CudaFunctions cuda)
{
    public bool Run(ulong device, void* {|NVG0090:host|}, nuint lengthBytes, CUstream_st* stream)
    {
        CUresult copied = cuda.cuMemcpyHtoDAsync_v2(device, host, lengthBytes, stream);
        return cuda.cuStreamSynchronize(stream) == copied;
    }
}
