#nullable enable
// Museum row 33, fixed (museum/33-pinned-is-not-page-locked.cs):
// https://github.com/m4rs-mt/ILGPU/issues/472
// The pinned array is also registered with CUDA.
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal static unsafe class CopyMeasurement
{
    public static TimeSpan CopyPinned(CudaFunctions cuda, ulong target, float[] source, CUstream_st* stream)
    {
        GCHandle pin = GCHandle.Alloc(source, GCHandleType.Pinned);
        void* address = (void*)pin.AddrOfPinnedObject();
        nuint lengthBytes = (nuint)source.Length * sizeof(float);
        CUresult locked = cuda.cuMemHostRegister_v2(address, lengthBytes, 0);
        long start = Stopwatch.GetTimestamp();
        CUresult copied = cuda.cuMemcpyHtoDAsync_v2(
            target, address, lengthBytes, stream);
        CUresult finished = cuda.cuStreamSynchronize(stream);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        _ = cuda.cuMemHostUnregister(address);
        pin.Free();
        return locked == CUresult.CUDA_SUCCESS
            && copied == CUresult.CUDA_SUCCESS
            && finished == CUresult.CUDA_SUCCESS
            ? elapsed
            : TimeSpan.MaxValue;
    }
}
