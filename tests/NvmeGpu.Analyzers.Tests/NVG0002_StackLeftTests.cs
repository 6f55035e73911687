using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What NVG0002 tells; MemoryLifetimeTests say when.</summary>
public sealed class StackLeftTests
{
    [Fact]
    public Task The_message_says_which_memory_ends() => FlowTest.Messages(
        """
        void Run(io_uring_sqe* sqe, byte[] array)
        {
            long value = 0;
            io_uring_prep_read(sqe, 0, &value, 8, 0);
        }
        """,
        "NVG0002: 'buf' keeps this address until its completion was seen, but it is the local "
            + "'value', which ends with its block before that, and the kernel would then use "
            + "whatever the stack holds there: wait before the block is left, or use memory that "
            + "lives longer (GpuMappedBuffer, NativeMemory)");
}
