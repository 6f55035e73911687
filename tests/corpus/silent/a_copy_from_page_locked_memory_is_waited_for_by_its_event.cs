#nullable enable
using System;
using NvmeGpu.Bindings;

/// <summary>cuMemHostAlloc, an asynchronous copy, an event, and only then the memory again.</summary>
public static unsafe class EventCopy
{
    public static void Upload(CudaFunctions cuda, ulong device, ReadOnlySpan<byte> bytes)
    {
        void* host;
        Check(cuda.cuMemHostAlloc(&host, (nuint)bytes.Length, 0));
        CUstream_st* stream;
        Check(cuda.cuStreamCreate(&stream, 1));
        CUevent_st* done;
        Check(cuda.cuEventCreate(&done, 2));
        bytes.CopyTo(new Span<byte>(host, bytes.Length));
        Check(cuda.cuMemcpyHtoDAsync(device, host, (nuint)bytes.Length, stream));
        Check(cuda.cuEventRecord(done, stream));
        Check(cuda.cuEventSynchronize(done));
        Check(cuda.cuMemFreeHost(host));
        Check(cuda.cuEventDestroy(done));
        Check(cuda.cuStreamDestroy_v2(stream));
    }

    private static void Check(CUresult result)
    {
        if (result != CUresult.CUDA_SUCCESS)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
