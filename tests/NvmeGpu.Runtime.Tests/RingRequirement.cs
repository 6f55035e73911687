using NvmeGpu.TestKit;

namespace NvmeGpu.Runtime.Tests;

/// <summary>
/// Most tests here need a kernel that allows io_uring: skipped with its reason elsewhere, a failure in CI.
/// </summary>
internal static class RingRequirement
{
    private static readonly string? s_refusal = Try();

    public static void Met() => Requirement.That(s_refusal is null, s_refusal ?? "");

    private static string? Try()
    {
        try
        {
            using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
            return null;
        }
        catch (IoUringException e)
        {
            return e.Message;
        }
    }
}
