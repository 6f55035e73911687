#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal sealed unsafe class Upload(CudaFunctions cuda)
{
    public bool Run(ulong device, CUstream_st* stream)
    {
        void* host = NativeMemory.AllocZeroed(4096);
        CUresult copied = cuda.cuMemcpyHtoDAsync_v2(device, {|NVG0019:host|}, 4096, stream);
        return copied == CUresult.CUDA_SUCCESS
            && cuda.cuStreamSynchronize(stream) == CUresult.CUDA_SUCCESS;
    }
}
