#nullable enable
using System;
using System.IO;
using NvmeGpu.Bindings;

/// <summary>Stream synchronised, event and stream destroyed, page-locked memory freed last.</summary>
public sealed unsafe class UploadQueue : IDisposable
{
    private readonly CudaFunctions _cuda;
    private readonly byte* _host;
    private readonly CUstream_st* _stream;
    private readonly CUevent_st* _idle;
    private readonly int _length;

    public UploadQueue(CudaFunctions cuda, int length)
    {
        _cuda = cuda;
        _length = length;
        void* host;
        Check(cuda.cuMemHostAlloc(&host, (nuint)length, 0));
        _host = (byte*)host;
        CUstream_st* stream;
        Check(cuda.cuStreamCreate(&stream, 0));
        _stream = stream;
        CUevent_st* idle;
        Check(cuda.cuEventCreate(&idle, 2));
        _idle = idle;
        Check(cuda.cuEventRecord(_idle, _stream));
    }

    public void Upload(ulong device, ReadOnlySpan<byte> bytes)
    {
        Check(_cuda.cuEventSynchronize(_idle));
        bytes.CopyTo(new Span<byte>(_host, _length));
        Check(_cuda.cuMemcpyHtoDAsync(device, _host, (nuint)bytes.Length, _stream));
        Check(_cuda.cuEventRecord(_idle, _stream));
    }

    public void Dispose()
    {
        Check(_cuda.cuStreamSynchronize(_stream));
        Check(_cuda.cuEventDestroy(_idle));
        Check(_cuda.cuStreamDestroy_v2(_stream));
        Check(_cuda.cuMemFreeHost(_host));
    }

    private static void Check(CUresult result)
    {
        if (result != CUresult.CUDA_SUCCESS)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
