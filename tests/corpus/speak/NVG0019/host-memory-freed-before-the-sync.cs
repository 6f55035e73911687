#nullable enable
using NvmeGpu.Bindings;

internal sealed unsafe class Shutdown(CudaFunctions cuda)
{
    private void* _staging;

    public void* Staging => _staging;

    public bool Drain(ulong device, CUstream_st* stream)
    {
        CUresult copied = cuda.cuMemcpyDtoHAsync_v2(_staging, device, 4096, stream);
        CUresult freed = {|NVG0019:cuda.cuMemFreeHost(_staging)|};
        return copied == freed && cuda.cuStreamSynchronize(stream) == CUresult.CUDA_SUCCESS;
    }
}
