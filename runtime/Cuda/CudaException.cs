#nullable enable
using System.IO;

namespace NvmeGpu;

/// <summary>
/// The CUDA driver refused or failed something, or cannot be used: which operation, the driver's result, and
/// the likely cause.
/// </summary>
sealed partial class CudaException : IOException
{
    /// <summary>A function of the driver has returned something other than success.</summary>
    /// <param name="operation">What was asked, for example <c>cuMemHostRegister of 2097152 bytes</c>.</param>
    /// <param name="result">The driver's result, a <c>CUresult</c>.</param>
    /// <param name="likelyCause">One sentence: what usually leads to this, and what to do; may be empty, and
    /// is then taken from the result.</param>
    public CudaException(string operation, int result, string likelyCause = "")
        : this(operation, result, CudaErrors.NameOf(result), CudaErrors.MeaningOf(result), likelyCause)
    {
    }

    /// <summary>It was not a function of the driver that failed.</summary>
    /// <param name="operation">What is not possible.</param>
    /// <param name="reason">Why, and what to do: whole sentences.</param>
    internal CudaException(string operation, string reason)
        : base($"{operation} is not possible: {reason}")
    {
        Operation = operation;
        ResultName = "";
        Description = "";
        LikelyCause = reason;
    }

    /// <summary>The same as the public one, in the driver's own words.</summary>
    internal CudaException(string operation, int result, string name, string description, string likelyCause)
        : base($"{operation} failed with {name}{(description.Length == 0 ? "" : $" ({description})")}."
            + (likelyCause.Length == 0 && CudaErrors.CauseOf(result).Length == 0
                ? ""
                : $" Likely cause: {(likelyCause.Length == 0 ? CudaErrors.CauseOf(result) : likelyCause)}"))
    {
        Operation = operation;
        Result = result;
        ResultName = name;
        Description = description;
        LikelyCause = likelyCause.Length == 0 ? CudaErrors.CauseOf(result) : likelyCause;
    }

    /// <summary>What was asked.</summary>
    public string Operation { get; }

    /// <summary>
    /// The driver's result, see <c>CUresult</c> in cuda.h; 0 when no function of it failed.
    /// </summary>
    public int Result { get; }

    /// <summary>
    /// The result's C name, for example <c>CUDA_ERROR_OUT_OF_MEMORY</c>; empty without one.
    /// </summary>
    public string ResultName { get; }

    /// <summary>What the result means, in the driver's words where it could be asked; may be empty.</summary>
    public string Description { get; }

    /// <summary>What usually leads to this, and what to do; may be empty.</summary>
    public string LikelyCause { get; }
}
