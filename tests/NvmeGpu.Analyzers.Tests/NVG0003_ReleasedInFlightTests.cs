using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What NVG0003 tells; MemoryLifetimeTests say when.</summary>
public sealed class ReleasedInFlightTests
{
    [Fact]
    public Task The_message_says_who_has_the_memory_and_since_which_line() => FlowTest.Messages(
        """
        void Run(io_uring_sqe* sqe, byte[] array)
        {
            byte* p = (byte*)NativeMemory.Alloc(64);
            io_uring_prep_read(sqe, 0, p, 8, 0);
            NativeMemory.Free(p);
        }
        """,
        "NVG0003: This releases memory that 'buf' was given at line 19 and keeps until its "
            + "completion was seen, so the transfer may go into memory that is somebody else's by "
            + "then: release it after the completion was seen");

    [Fact]
    public Task A_way_that_an_exception_takes_counts_where_it_is_asked_for() =>
        FlowTest.WithExceptionPaths("""
        void Run(io_uring* ring, io_uring_sqe* sqe)
        {
            io_uring_cqe* cqe;
            byte* p = (byte*)NativeMemory.Alloc(64);
            try
            {
                io_uring_prep_read(sqe, 0, p, 8, 0);
                Unknown();
                io_uring_wait_cqe(ring, &cqe);
            }
            finally
            {
                {|NVG0003.may:NativeMemory.Free(p)|};
            }
        }
        """);

    [Fact]
    public Task It_does_not_count_where_nobody_asks() => FlowTest.Members("""
        void Run(io_uring* ring, io_uring_sqe* sqe)
        {
            io_uring_cqe* cqe;
            byte* p = (byte*)NativeMemory.Alloc(64);
            try
            {
                io_uring_prep_read(sqe, 0, p, 8, 0);
                Unknown();
                io_uring_wait_cqe(ring, &cqe);
            }
            finally
            {
                NativeMemory.Free(p);
            }
        }
        """);

    [Fact]
    public Task An_object_that_holds_its_own_address_has_an_end() => FlowTest.Members("""
        void Run(io_uring_sqe* sqe)
        {
            iovec list = default;
            list.iov_base = {|NVG0002:&list|};
            io_uring_prep_read(sqe, 0, {|NVG0002:&list|}, 8, 0);
        }
        """);
}
