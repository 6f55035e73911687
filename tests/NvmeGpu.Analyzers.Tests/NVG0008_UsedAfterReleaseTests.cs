using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What NVG0008 tells; MemoryLifetimeRuleTests say when.</summary>
public sealed class UsedAfterReleaseTests
{
    [Fact]
    public Task The_message_names_the_reference_and_the_line_of_the_release() => FlowTest.Messages(
        """
        void Run(io_uring_sqe* sqe, byte[] array)
        {
            byte* p = (byte*)NativeMemory.Alloc(64);
            NativeMemory.Free(p);
            p[0] = 1;
        }
        """,
        "NVG0008: 'p' is used here, but its memory was released at line 19 and may be "
            + "somebody else's by now: release it after its last use");
}
