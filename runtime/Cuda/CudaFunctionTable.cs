#nullable enable
using System.Collections.Frozen;
using System.Collections.Generic;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// The driver functions that are called, and the version of CUDA whose variant of each is meant: what
/// <c>cuGetProcAddress</c> is asked for. The names are those of the bindings, so a signature that is not the
/// header's does not compile. Source of the numbers: the names of the function types in cudaTypedefs.h
/// (<c>PFN_cuMemHostRegister_v6050</c>).
/// </summary>
static partial class CudaFunctionTable
{
    /// <summary>
    /// The least driver: the first one with cuGetProcAddress_v2, which says why a function is not there.
    /// CUDA 12.0, driver 525.
    /// </summary>
    public const int DriverVersionMin = 12000;

    /// <summary>By the name in <see cref="CudaFunctions"/>: the version, 1000 x major + 10 x minor.</summary>
    public static readonly FrozenDictionary<string, int> Versions = new Dictionary<string, int>
    {
        [nameof(CudaFunctions.cuInit)] = 2000,
        [nameof(CudaFunctions.cuDriverGetVersion)] = 2020,
        [nameof(CudaFunctions.cuGetErrorName)] = 6000,
        [nameof(CudaFunctions.cuGetErrorString)] = 6000,
        [nameof(CudaFunctions.cuDeviceGetCount)] = 2000,
        [nameof(CudaFunctions.cuDeviceGet)] = 2000,
        [nameof(CudaFunctions.cuDeviceGetName)] = 2000,
        [nameof(CudaFunctions.cuDeviceTotalMem_v2)] = 3020,
        [nameof(CudaFunctions.cuDeviceGetAttribute)] = 2000,
        [nameof(CudaFunctions.cuDeviceGetPCIBusId)] = 4010,
        [nameof(CudaFunctions.cuDevicePrimaryCtxRetain)] = 7000,
        [nameof(CudaFunctions.cuDevicePrimaryCtxRelease_v2)] = 11000,
        [nameof(CudaFunctions.cuCtxPushCurrent_v2)] = 4000,
        [nameof(CudaFunctions.cuCtxPopCurrent_v2)] = 4000,
        [nameof(CudaFunctions.cuCtxGetDevice)] = 2000,
        [nameof(CudaFunctions.cuMemHostRegister_v2)] = 6050,
        [nameof(CudaFunctions.cuMemHostUnregister)] = 4000,
        [nameof(CudaFunctions.cuMemHostAlloc)] = 2020,
        [nameof(CudaFunctions.cuMemFreeHost)] = 2000,
        [nameof(CudaFunctions.cuMemHostGetDevicePointer_v2)] = 3020,
        [nameof(CudaFunctions.cuMemAlloc_v2)] = 3020,
        [nameof(CudaFunctions.cuMemFree_v2)] = 3020,
        [nameof(CudaFunctions.cuMemcpyHtoD_v2)] = 3020,
        [nameof(CudaFunctions.cuMemcpyDtoH_v2)] = 3020,
        [nameof(CudaFunctions.cuMemcpyHtoDAsync_v2)] = 3020,
        [nameof(CudaFunctions.cuMemcpyDtoHAsync_v2)] = 3020,
        [nameof(CudaFunctions.cuStreamCreate)] = 2000,
        [nameof(CudaFunctions.cuStreamDestroy_v2)] = 4000,
        [nameof(CudaFunctions.cuStreamSynchronize)] = 2000,
    }.ToFrozenDictionary();

    /// <summary>
    /// The name without the variant: <c>cuGetProcAddress</c> finds the variant by the version.
    /// </summary>
    public static string SymbolOf(string name) =>
        name.EndsWith("_v2", System.StringComparison.Ordinal) ? name[..^3] : name;
}
