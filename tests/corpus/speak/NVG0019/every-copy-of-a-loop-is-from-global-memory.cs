#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal sealed unsafe class Batch(CudaFunctions cuda)
{
    public bool Upload(ulong device, int count, CUstream_st* stream)
    {
        nint host = Marshal.AllocHGlobal(4096);
        bool isGood = true;
        for (int i = 0; i < count; i++)
        {
            isGood &= cuda.cuMemcpyHtoDAsync_v2(
                device + (ulong)i * 4096, {|NVG0019:(void*)host|}, 4096, stream) == CUresult.CUDA_SUCCESS;
        }
        return isGood && cuda.cuCtxSynchronize() == CUresult.CUDA_SUCCESS;
    }
}
