using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What the half of NVG0090 tells that is about what is missing.</summary>
public sealed class ContractMissingTests
{
    [Fact]
    public Task The_message_names_the_parameter_and_the_attribute() => FlowTest.Messages(
        """
        void Run(io_uring_sqe* sqe, void* into) => io_uring_prep_read(sqe, 0, into, 8, 0);
        """,
        "NVG0090: The method hands 'into' to 'buf', whose contract holds for the callers of "
            + "this method as well, and nothing tells them: put [KernelRetains(Until.Completion)] "
            + "on the parameter");

    [Fact]
    public Task An_owner_whose_address_stays_in_a_field_is_kept() => FlowTest.Members("""
        [KernelRetains(Until.Completion)] nint _address;
        GpuMappedBuffer? _owner;

        void Keep(GpuMappedBuffer {|NVG0090:buffer|}) => _address = buffer.Address;

        void KeepBoth(GpuMappedBuffer buffer)
        {
            _address = buffer.Address;
            _owner = buffer;
        }
        """);

    [Fact]
    public Task A_method_that_waits_leaves_nothing_on_the_ways_that_fail() => FlowTest.Members("""
        static int Prepare(io_uring_sqe* sqe, [KernelRetains(Until.Completion)] void* into)
        {
            io_uring_prep_read(sqe, 0, into, 8, 0);
            return 0;
        }

        static int Read(io_uring* ring, io_uring_sqe* sqe, void* into)
        {
            io_uring_cqe* cqe;
            if (Prepare(sqe, into) < 0)
            {
                return -1;
            }
            return io_uring_wait_cqe(ring, &cqe);
        }
        """);
}
