#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

/// <summary>NativeLibrary and the table of function pointers; device memory freed once.</summary>
public static unsafe class CudaLoader
{
    public static CudaFunctions? Load()
    {
        if (!NativeLibrary.TryLoad(CudaFunctions.LibraryPath, out nint library))
        {
            return null;
        }
        return new CudaFunctions(name => NativeLibrary.TryGetExport(library, name, out nint address)
            ? address
            : 0);
    }

    public static bool CanAllocate(CudaFunctions cuda, nuint bytes)
    {
        ulong device;
        if (cuda.cuMemAlloc(&device, bytes) != CUresult.CUDA_SUCCESS)
        {
            return false;
        }
        return cuda.cuMemFree(device) == CUresult.CUDA_SUCCESS;
    }
}
