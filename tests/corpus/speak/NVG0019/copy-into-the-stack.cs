#nullable enable
using NvmeGpu.Bindings;

internal sealed unsafe class Counter(CudaFunctions cuda)
{
    public long Read(ulong device, CUstream_st* stream)
    {
        long count = 0;
        CUresult copied = cuda.cuMemcpyDtoHAsync_v2(
            dstHost: {|NVG0019:&count|}, srcDevice: device, ByteCount: sizeof(long), hStream: stream);
        return cuda.cuStreamSynchronize(stream) == copied ? count : -1;
    }
}
