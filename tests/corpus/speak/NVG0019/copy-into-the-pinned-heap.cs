#nullable enable
using System;
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;

internal sealed unsafe class Download(CudaFunctions cuda)
{
    public byte Run(ulong device, CUstream_st* stream)
    {
        byte[] page = GC.AllocateArray<byte>(4096, pinned: true);
        void* start = Unsafe.AsPointer(ref page[0]);
        CUresult copied = cuda.cuMemcpyDtoHAsync_v2({|NVG0019:start|}, device, 4096, stream);
        CUresult waited = cuda.cuStreamSynchronize(stream);
        return copied == waited ? page[0] : (byte)0;
    }
}
