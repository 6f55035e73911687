#nullable enable
using System;
using NvmeGpu.Bindings;

internal sealed unsafe class Download
{
    private readonly CudaFunctions _cuda;
    private readonly byte* _staging;

    public Download(CudaFunctions cuda, nuint lengthBytes)
    {
        _cuda = cuda;
        void* staging;
        ArgumentOutOfRangeException.ThrowIfNotEqual((int)cuda.cuMemAllocHost_v2(&staging, lengthBytes), 0);
        _staging = (byte*)staging;
    }

    public int First(ulong device, CUstream_st* stream)
    {
        CUresult copied = _cuda.cuMemcpyDtoHAsync_v2(_staging, device, 64, stream);
        int first = {|NVG0019:_staging[0]|};
        CUresult waited = _cuda.cuStreamSynchronize(stream);
        return copied == waited ? first : -1;
    }
}
