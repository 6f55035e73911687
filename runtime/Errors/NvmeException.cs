#nullable enable
using System.IO;

namespace NvmeGpu;

/// <summary>
/// A drive or its driver refused or failed something: which operation, the drive's status or the kernel's
/// error number, and the likely cause.
/// </summary>
sealed partial class NvmeException : IOException
{
    /// <summary>The drive has answered with a status other than success.</summary>
    /// <param name="operation">What was asked, for example <c>NVMe read of 8 blocks at LBA 0</c>.</param>
    /// <param name="status">The drive's answer.</param>
    /// <param name="likelyCause">One sentence: what usually leads to this, and what to do; may be
    /// empty, and is then taken from the status.</param>
    public NvmeException(string operation, NvmeStatus status, string likelyCause = "")
        : this(
            operation, status, 0, likelyCause.Length == 0 ? CauseOf(status) : likelyCause,
            $"{operation} failed with the drive's status {status}.")
    {
    }

    /// <summary>The kernel has refused: no command went to the drive, or none came back.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="errno">The positive error number; 0 when it was not the kernel that refused.</param>
    /// <param name="likelyCause">One sentence: what usually leads to this, and what to do; may be
    /// empty.</param>
    public NvmeException(string operation, int errno, string likelyCause)
        : this(
            operation, default, errno, likelyCause,
            errno == 0
                ? $"{operation} is not possible."
                : $"{operation} failed with {NvmeGpu.Errno.NameOf(errno)} "
                    + $"({NvmeGpu.Errno.MeaningOf(errno)}).")
    {
    }

    private NvmeException(string operation, NvmeStatus status, int errno, string likelyCause, string message)
        : base(message + (likelyCause.Length == 0 ? "" : $" Likely cause: {likelyCause}"))
    {
        Operation = operation;
        Status = status;
        Errno = errno;
        LikelyCause = likelyCause;
    }

    /// <summary>What was asked.</summary>
    public string Operation { get; }

    /// <summary>The drive's answer; success (0) when it was the kernel that refused.</summary>
    public NvmeStatus Status { get; }

    /// <summary>The positive error number, see errno(3); 0 when the drive has answered.</summary>
    public int Errno { get; }

    /// <summary>What usually leads to this, and what to do; may be empty.</summary>
    public string LikelyCause { get; }

    private static string CauseOf(NvmeStatus status) => (status.CodeType, status.Code) switch
    {
        (0, 0x01) => "the drive does not have this command.",
        (0, 0x02 or 0x0f) => "the command does not fit the drive's format: block size, metadata or length.",
        (0, 0x04) => "the drive could not reach the memory; peer memory behind an IOMMU or another root port "
            + "does this.",
        (0, 0x07 or 0x08 or 0x71) => "the controller was reset or removed while the command ran.",
        (0, 0x0b) => "the namespace was formatted, detached or removed meanwhile.",
        (0, 0x80) => "the range ends beyond the namespace, which may have shrunk.",
        (0, 0x82 or 0x84 or 0x1d) => "the drive is busy with itself; try again later.",
        (2, 0x81) => "the medium is damaged at this place; restore it from a copy.",
        (2, 0x82 or 0x83 or 0x84) => "the protection information on the medium does not fit its data.",
        (2, 0x87) => "these blocks were never written, or were trimmed.",
        (3, _) => "the path to the drive failed; with multipath another one may work.",
        _ => "",
    };
}
