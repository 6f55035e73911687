#nullable enable
using System;
using NvmeGpu.Bindings;

internal sealed unsafe class Texture(CudaFunctions cuda)
{
    public byte Sample(CUarray_st* texture, CUstream_st* stream)
    {
        byte* row = stackalloc byte[256];
        CUresult copied = cuda.cuMemcpyAtoHAsync_v2({|NVG0019:row|}, texture, 0, 256, stream);
        if (cuda.cuStreamSynchronize(stream) != copied)
        {
            throw new InvalidOperationException("The copy failed.");
        }
        return row[0];
    }
}
