#nullable enable
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Whether a read failed because of the blocks that it was for, while the drive still answers for others.
/// </summary>
static partial class BadBlock
{
    /// <summary>
    /// Of a command the drive's own word; of an ordinary read what the kernel makes of that word (ENODATA for
    /// the medium, EILSEQ for protection information) or has for all else of it (EIO), also for a drive that
    /// is gone.
    /// </summary>
    public static bool IsCauseOf(in Completion completion) => completion.IsCommand
        ? completion.NvmeStatus.IsMediaError
        : completion.Errno is Libc.EIO or Libc.ENODATA or Libc.EILSEQ;
}
