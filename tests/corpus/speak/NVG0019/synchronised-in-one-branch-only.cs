#nullable enable
using NvmeGpu.Bindings;

internal sealed unsafe class MaybeSynchronised(CudaFunctions cuda)
{
    private byte* _staging;

    public byte* Staging => _staging;

    public int First(ulong device, CUstream_st* stream, bool isWaiting)
    {
        CUresult result = cuda.cuMemcpyDtoHAsync_v2(_staging, device, 64, stream);
        if (isWaiting)
        {
            result = cuda.cuStreamSynchronize(stream);
        }
        return result == CUresult.CUDA_SUCCESS ? {|NVG0019.may:_staging[0]|} : -1;
    }
}
