namespace NvmeGpu.Analyzers.Rings;

/// <summary>
/// The bits of <c>io_uring_params.flags</c> that rules look at (linux/io_uring.h); a test holds those that
/// the bindings have against them.
/// </summary>
internal static class RingFlags
{
    public const uint IoPoll = 1u << 0;
    public const uint SubmissionPolling = 1u << 1;
    public const uint Disabled = 1u << 6;
    public const uint Sqe128 = 1u << 10;
    public const uint Cqe32 = 1u << 11;
    public const uint SingleIssuer = 1u << 12;
    public const uint CqeMixed = 1u << 18;
    public const uint SqeMixed = 1u << 19;
}
