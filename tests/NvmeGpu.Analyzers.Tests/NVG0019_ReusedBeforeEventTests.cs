using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What the half of NVG0019 tells that is about time.</summary>
public sealed class ReusedBeforeEventTests
{
    [Fact]
    public Task The_message_says_which_copy_and_since_which_line() => FlowTest.Messages(
        """
        void Run(io_uring_sqe* sqe, byte[] array)
        {
            byte* p = (byte*)NativeMemory.Alloc(64);
            copy_async(p);
            p[0] = 1;
        }
        """,
        "NVG0019: 'host' was given this host memory at line 19 and copies after it has "
            + "returned, so the copy may see or destroy what happens here: synchronise with the "
            + "stream or the event first");
}
