#nullable enable
using System.Diagnostics;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// A few driver calls with one context current on this thread: pushed at the beginning, popped at the end,
/// whatever happened between. The first failure is kept. Nothing here throws, so what was done can be undone
/// before the caller is told; between <see cref="Begin"/> and <see cref="End"/> nothing else may throw.
/// </summary>
ref partial struct CudaCalls
{
    private readonly CudaFunctions _functions;
    private readonly nint _context;
    private string _operation;

    private CudaCalls(CudaFunctions functions, nint context)
    {
        _functions = functions;
        _context = context;
        _operation = "cuCtxPushCurrent";
    }

    /// <summary>Nothing has failed so far.</summary>
    public readonly bool IsOk => Result == CUresult.CUDA_SUCCESS;

    /// <summary>The first result that was no success.</summary>
    public CUresult Result { get; private set; }

    /// <summary>The context is current.</summary>
    public bool IsPushed { get; private set; }

    /// <summary>Makes the context current; the caller keeps it alive until <see cref="End"/>.</summary>
    public static CudaCalls Begin(CudaFunctions functions, nint context)
    {
        var calls = new CudaCalls(functions, context);
        // SAFETY: a bound function, and a context that the caller keeps.
        unsafe
        {
            calls.Result = functions.cuCtxPushCurrent_v2((CUctx_st*)context);
        }
        calls.IsPushed = calls.IsOk;
        return calls;
    }

    /// <summary>Keeps the result if it is the first failure.</summary>
    public void Note(string operation, CUresult result)
    {
        if (IsOk)
        {
            _operation = operation;
            Result = result;
        }
    }

    /// <summary>Makes current again what was current before, and gives the first failure of all.</summary>
    public CudaFailure End()
    {
        if (IsPushed)
        {
            IsPushed = false;
            nint popped;
            CUresult result;
            // SAFETY: a bound function; the pointer is written during the call only.
            unsafe
            {
                CUctx_st* context = null;
                result = _functions.cuCtxPopCurrent_v2(&context);
                popped = (nint)context;
            }
            Debug.Assert(result != CUresult.CUDA_SUCCESS || popped == _context);
            Note("cuCtxPopCurrent", result);
        }
        return new CudaFailure(_operation, Result);
    }
}
