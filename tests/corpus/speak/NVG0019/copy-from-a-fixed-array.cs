#nullable enable
using System;
using NvmeGpu.Bindings;

internal sealed unsafe class Upload(CudaFunctions cuda)
{
    public void Run(ulong device, byte[] data, CUstream_st* stream)
    {
        fixed (byte* host = data)
        {
            _ = cuda.cuMemcpyHtoDAsync_v2(device, {|NVG0019:host|}, (nuint)data.Length, stream);
            if (cuda.cuStreamSynchronize(stream) != CUresult.CUDA_SUCCESS)
            {
                throw new InvalidOperationException("The copy failed.");
            }
        }
    }
}
