#nullable enable
using System;
using NvmeGpu.Bindings;

/// <summary>Each half has an event of its own, waited for before the half is filled again.</summary>
public static unsafe class HalvesWithEvents
{
    public static void Upload(
        CudaFunctions cuda, CUstream_st* stream, ulong device, ReadOnlySpan<byte> all, int half)
    {
        void* memory;
        Check(cuda.cuMemHostAlloc(&memory, (nuint)(2 * half), 0));
        CUevent_st** free = stackalloc CUevent_st*[2];
        for (int i = 0; i < 2; i++)
        {
            Check(cuda.cuEventCreate(&free[i], 2));
        }
        for (int position = 0, current = 0; position < all.Length; current ^= 1)
        {
            Check(cuda.cuEventSynchronize(free[current]));
            byte* target = (byte*)memory + current * half;
            int count = Math.Min(half, all.Length - position);
            all.Slice(position, count).CopyTo(new Span<byte>(target, half));
            Check(cuda.cuMemcpyHtoDAsync(device + (ulong)position, target, (nuint)count, stream));
            Check(cuda.cuEventRecord(free[current], stream));
            position += count;
        }
        Check(cuda.cuStreamSynchronize(stream));
        Check(cuda.cuEventDestroy(free[0]));
        Check(cuda.cuEventDestroy(free[1]));
        Check(cuda.cuMemFreeHost(memory));
    }

    private static void Check(CUresult result)
    {
        if (result != CUresult.CUDA_SUCCESS)
        {
            Environment.FailFast(result.ToString());
        }
    }
}
