#nullable enable
// Museum row 33: https://github.com/m4rs-mt/ILGPU/issues/472 (C#)
// To make copies to the GPU fast, arrays were pinned for the collector and copied asynchronously. Pinned is
// not page-locked: CUDA keeps its own list of locked memory and goes through a staging buffer for everything
// else, so nothing was gained, and the copy is not asynchronous either.
// caught: NVG0019
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal static unsafe class CopyMeasurement
{
    public static TimeSpan CopyPinned(CudaFunctions cuda, ulong target, float[] source, CUstream_st* stream)
    {
        GCHandle pin = GCHandle.Alloc(source, GCHandleType.Pinned);
        long start = Stopwatch.GetTimestamp();
        CUresult copied = cuda.cuMemcpyHtoDAsync_v2(
            target,
            {|NVG0019:(void*)pin.AddrOfPinnedObject()|},
            (nuint)source.Length * sizeof(float),
            stream);
        CUresult finished = cuda.cuStreamSynchronize(stream);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        pin.Free();
        return copied == CUresult.CUDA_SUCCESS && finished == CUresult.CUDA_SUCCESS
            ? elapsed
            : TimeSpan.MaxValue;
    }
}
