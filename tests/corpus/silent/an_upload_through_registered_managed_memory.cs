#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

/// <summary>An array of the pinned heap is page-locked for the upload, and unlocked after it.</summary>
public static unsafe class LockedUpload
{
    public static ulong Upload(CudaFunctions cuda, float[] weights, CUstream_st* stream)
    {
        float[] pinned = GC.AllocateUninitializedArray<float>(weights.Length, pinned: true);
        weights.CopyTo(pinned, 0);
        void* host = (void*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        nuint bytes = (nuint)pinned.Length * sizeof(float);
        ulong device = 0;
        Check(cuda.cuMemAlloc(&device, bytes));
        Check(cuda.cuMemHostRegister(host, bytes, 0));
        try
        {
            Check(cuda.cuMemcpyHtoDAsync(device, host, bytes, stream));
        }
        finally
        {
            Check(cuda.cuStreamSynchronize(stream));
            Check(cuda.cuMemHostUnregister(host));
            GC.KeepAlive(pinned);
        }
        return device;
    }

    private static void Check(CUresult result)
    {
        if (result is not CUresult.CUDA_SUCCESS)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
