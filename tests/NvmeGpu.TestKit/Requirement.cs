using System;
using Xunit;

namespace NvmeGpu.TestKit;

/// <summary>
/// What a test needs and a machine may lack. Elsewhere the test is skipped with the reason; in CI it fails.
/// </summary>
public static class Requirement
{
    private static readonly bool s_isCi = Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>
    /// Ends the test unless <paramref name="isMet"/>: skipped with the reason, or failed when CI is set.
    /// </summary>
    public static void That(bool isMet, string reason)
    {
        if (isMet)
        {
            return;
        }
        if (s_isCi)
        {
            Assert.Fail("In CI this test may not be skipped: " + reason);
        }
        Assert.Skip(reason);
    }

    /// <summary>
    /// As <see cref="That"/>, for hardware that CI is known not to have: a skip there too, always printed.
    /// </summary>
    public static void Hardware(bool isThere, string reason) => Assert.SkipUnless(isThere, reason);
}
