using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What NVG0001 tells; MemoryLifetimeTests say when.</summary>
public sealed class PinnedLeftTests
{
    [Fact]
    public Task The_message_names_the_function_and_the_pin() => FlowTest.Messages(
        """
        void Run(io_uring_sqe* sqe, byte[] array)
        {
            fixed (byte* p = array)
            {
                io_uring_prep_read(sqe, 0, p, 8, 0);
            }
        }
        """,
        "NVG0001: 'buf' keeps this address until its completion was seen, but the 'fixed' "
            + "statement of 'p' ends before that, and the garbage collector may then move the "
            + "memory under the transfer: wait for the completion inside the 'fixed' statement, or "
            + "use memory that does not move (GpuMappedBuffer, NativeMemory, an array allocated "
            + "with 'pinned: true')");
}
