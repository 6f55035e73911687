#nullable enable
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>The first call of several that failed, or none.</summary>
/// <param name="Operation">The function, without the suffix of its variant.</param>
/// <param name="Result">What it returned; success when none failed.</param>
readonly partial record struct CudaFailure(string Operation, CUresult Result)
{
    public bool IsNone => Result == CUresult.CUDA_SUCCESS;

    /// <summary>For where no caller can be told: a release, a finalizer.</summary>
    public void Report(string what)
    {
        if (!IsNone)
        {
            NvmeGpuEventSource.Log.ReleaseFailed(
                what, Operation, CudaErrors.NameOf(CudaErrors.NumberOf(Result)));
        }
    }
}
