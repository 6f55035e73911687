#nullable enable
#pragma warning disable CS8981 // C names stay as they are
namespace NvmeGpu.Bindings;

/// <summary>
/// What the kernel knows and the locked headers (liburing 2.9, Linux 6.12) do not have yet, by its C names.
/// Each goes as soon as they have it: a test fails then. Source: include/uapi/linux/io_uring.h of the release
/// that is named.
/// </summary>
static partial class NewerKernel
{
    /// <summary>
    /// Completion entries of 16 and of 32 bytes in one queue. Since Linux 6.18.
    /// </summary>
    public const uint IORING_SETUP_CQE_MIXED = 1u << 18;

    /// <summary>
    /// Submission entries of 64 and of 128 bytes in one queue. Since Linux 6.19.
    /// </summary>
    public const uint IORING_SETUP_SQE_MIXED = 1u << 19;

    /// <summary>
    /// Flag of a completion entry in a mixed queue: it stands for nothing and fills the queue's last place,
    /// so that the 32-byte entry behind it is in one piece. Since Linux 6.18.
    /// </summary>
    public const uint IORING_CQE_F_SKIP = 1u << 5;

    /// <summary>
    /// Flag of a completion entry in a mixed queue: it takes 32 bytes, two places. Since Linux 6.18.
    /// </summary>
    public const uint IORING_CQE_F_32 = 1u << 15;

    /// <summary>
    /// <c>IORING_OP_URING_CMD</c> with a 128-byte entry in a mixed queue. Since Linux 6.19.
    /// </summary>
    public const byte IORING_OP_URING_CMD128 = 64;
}
