#nullable enable
using NvmeGpu.Bindings;

/// <summary>Device to host, the stream synchronised, then the bytes.</summary>
public static unsafe class Download
{
    public static int FirstByte(CudaFunctions cuda, ulong device, CUstream_st* stream)
    {
        void* host = null;
        if (cuda.cuMemHostAlloc(&host, 4096, 0) != CUresult.CUDA_SUCCESS)
        {
            return -1;
        }
        int first = -1;
        if (cuda.cuMemcpyDtoHAsync(host, device, 4096, stream) == CUresult.CUDA_SUCCESS
            && cuda.cuStreamSynchronize(stream) == CUresult.CUDA_SUCCESS)
        {
            first = *(byte*)host;
        }
        else if (cuda.cuCtxSynchronize() != CUresult.CUDA_SUCCESS)
        {
            return -1; // leaked: the device may still write
        }
        _ = cuda.cuMemFreeHost(host);
        return first;
    }
}
