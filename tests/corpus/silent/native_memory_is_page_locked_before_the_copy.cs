#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

/// <summary>
/// cuMemHostRegister makes ordinary native memory page-locked; unregistered after the wait.
/// </summary>
public static unsafe class RegisteredHost
{
    public static bool Upload(CudaFunctions cuda, ulong device, CUstream_st* stream, byte value)
    {
        const int Length = 1 << 16;
        byte* host = (byte*)NativeMemory.AlignedAlloc(Length, 4096);
        new Span<byte>(host, Length).Fill(value);
        if (cuda.cuMemHostRegister_v2(host, Length, 0) != CUresult.CUDA_SUCCESS)
        {
            NativeMemory.AlignedFree(host);
            return false;
        }
        CUresult copied = cuda.cuMemcpyHtoDAsync(device, host, Length, stream);
        CUresult waited = cuda.cuStreamSynchronize(stream);
        if (waited != CUresult.CUDA_SUCCESS)
        {
            Environment.FailFast(waited.ToString());
        }
        _ = cuda.cuMemHostUnregister(host);
        NativeMemory.AlignedFree(host);
        return copied == CUresult.CUDA_SUCCESS;
    }
}
