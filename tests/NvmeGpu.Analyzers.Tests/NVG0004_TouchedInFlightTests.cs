using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What NVG0004 tells; MemoryLifetimeRuleTests say when.</summary>
public sealed class TouchedInFlightTests
{
    [Fact]
    public Task The_message_says_who_has_the_memory_and_since_which_line() => FlowTest.Messages(
        """
        void Run(io_uring_sqe* sqe, byte[] array)
        {
            byte* p = (byte*)NativeMemory.Alloc(64);
            io_uring_prep_read(sqe, 0, p, 8, 0);
            p[0] = 1;
        }
        """,
        "NVG0004: 'buf' was given this memory at line 19 and uses it until its completion was "
            + "seen, so what is read here is not there yet and what is written here may be lost: "
            + "touch it after the completion was seen");
}
