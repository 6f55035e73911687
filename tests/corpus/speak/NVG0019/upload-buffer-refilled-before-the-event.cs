#nullable enable
using System;
using NvmeGpu.Bindings;

internal sealed unsafe class Refill(CudaFunctions cuda)
{
    private int* _staging;

    public void Use(CUevent_st* done, CUstream_st* stream, ulong device, int number)
    {
        CUresult copied = cuda.cuMemcpyHtoDAsync_v2(device, _staging, sizeof(int), stream);
        CUresult recorded = cuda.cuEventRecord(done, stream);
        {|NVG0019:*_staging|} = number;
        CUresult waited = cuda.cuEventSynchronize(done);
        if (copied != recorded || recorded != waited)
        {
            throw new InvalidOperationException("The copy failed.");
        }
    }

    public void Set(int* staging) => _staging = staging;
}
