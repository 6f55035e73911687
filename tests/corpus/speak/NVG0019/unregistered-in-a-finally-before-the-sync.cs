#nullable enable
using System;
using NvmeGpu.Bindings;

internal sealed unsafe class Window(CudaFunctions cuda)
{
    private void* _window;

    public void* Address => _window;

    public void Upload(ulong device, CUstream_st* stream)
    {
        CUresult copied = cuda.cuMemcpyHtoDAsync_v2(device, _window, 1 << 20, stream);
        try
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual((int)copied, 0);
        }
        finally
        {
            copied = {|NVG0019:cuda.cuMemHostUnregister(_window)|};
            Console.WriteLine(copied);
        }
    }
}
