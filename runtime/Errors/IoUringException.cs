#nullable enable
using System.IO;

namespace NvmeGpu;

/// <summary>
/// The kernel refused or failed something: which operation, which error number, and the likely cause.
/// </summary>
sealed partial class IoUringException : IOException
{
    /// <param name="operation">The system call or opcode, for example <c>io_uring_setup</c>.</param>
    /// <param name="errno">The positive error number.</param>
    /// <param name="likelyCause">One sentence: what usually leads to this, and what to do.</param>
    public IoUringException(string operation, int errno, string likelyCause)
        : base($"{operation} failed with {NvmeGpu.Errno.NameOf(errno)} ({NvmeGpu.Errno.MeaningOf(errno)})."
            + (likelyCause.Length == 0 ? "" : $" Likely cause: {likelyCause}"))
    {
        Operation = operation;
        Errno = errno;
        LikelyCause = likelyCause;
    }

    /// <summary>The system call or opcode that failed.</summary>
    public string Operation { get; }

    /// <summary>The positive error number, see errno(3).</summary>
    public int Errno { get; }

    /// <summary>What usually leads to this, and what to do; may be empty.</summary>
    public string LikelyCause { get; }
}
