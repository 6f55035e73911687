#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal sealed unsafe class Pinned(CudaFunctions cuda)
{
    private readonly byte[] _page = new byte[4096];

    public bool Upload(ulong device, CUstream_st* stream)
    {
        GCHandle pin = GCHandle.Alloc(_page, GCHandleType.Pinned);
        void* start = (void*)pin.AddrOfPinnedObject();
        CUresult copied = cuda.cuMemcpyHtoDAsync_v2(device, {|NVG0019:start|}, 4096, stream);
        CUresult waited = cuda.cuStreamSynchronize(stream);
        pin.Free();
        return copied == CUresult.CUDA_SUCCESS && waited == CUresult.CUDA_SUCCESS;
    }
}
