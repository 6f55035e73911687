#nullable enable
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Whether a command that failed is sent again. The kernel does that for reads of the block layer
/// (nvme_core.max_retries), and never for passthrough. When, says <see cref="RetryDelays"/>.
/// </summary>
static partial class CommandRetry
{
    /// <summary>How often one command is sent again, as the kernel has it (nvme_core.max_retries).</summary>
    public const int CountMax = 5;

    /// <summary>
    /// A status is tried again unless the drive says that it is of no use (DNR). An errno only when no
    /// command was sent (EAGAIN): EINTR means that one was given up after its time-out, which is half a
    /// minute, and the drive may be gone.
    /// </summary>
    public static bool IsWorthwhile(in Completion completion, int retries) =>
        retries < CountMax
        && (completion.Errno == Libc.EAGAIN
            || (!completion.NvmeStatus.IsSuccess && !completion.NvmeStatus.IsDoNotRetry));
}
