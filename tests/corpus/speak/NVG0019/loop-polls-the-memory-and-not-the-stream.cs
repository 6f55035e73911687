#nullable enable
using System.Threading;
using NvmeGpu.Bindings;

internal sealed unsafe class Spinner(CudaFunctions cuda)
{
    private uint* _flag;

    public uint* Flag => _flag;

    public void Await(ulong device, CUstream_st* stream)
    {
        if (cuda.cuMemcpyDtoHAsync_v2(_flag, device, sizeof(uint), stream) != CUresult.CUDA_SUCCESS)
        {
            return;
        }
        while ({|NVG0019:*_flag|} == 0)
        {
            Thread.Yield();
        }
    }
}
