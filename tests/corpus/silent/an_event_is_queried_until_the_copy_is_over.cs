#nullable enable
using System;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

/// <summary>Polling an event: NOT_READY is no error.</summary>
public static unsafe class EventQuery
{
    public static void Upload(
        CudaFunctions cuda, ulong device, [PageLocked] void* pageLocked, nuint bytes, CUstream_st* stream)
    {
        CUevent_st* done;
        if (cuda.cuEventCreate(&done, 2) != CUresult.CUDA_SUCCESS)
        {
            throw new InvalidOperationException("cuEventCreate");
        }
        CUresult result = cuda.cuMemcpyHtoDAsync(device, pageLocked, bytes, stream);
        if (result == CUresult.CUDA_SUCCESS)
        {
            result = cuda.cuEventRecord(done, stream);
        }
        while (result == CUresult.CUDA_SUCCESS
            && (result = cuda.cuEventQuery(done)) == CUresult.CUDA_ERROR_NOT_READY)
        {
            result = CUresult.CUDA_SUCCESS;
            Thread.Yield();
        }
        if (result != CUresult.CUDA_SUCCESS && cuda.cuStreamSynchronize(stream) != CUresult.CUDA_SUCCESS)
        {
            Environment.FailFast(result.ToString());
        }
        _ = cuda.cuEventDestroy(done);
    }
}
