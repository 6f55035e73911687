using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What tells the flow rules from each other.</summary>
public sealed class MemoryLifetimeRuleTests
{
    [Fact]
    public Task A_touch_before_the_wait_is_reported() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        _ = {|NVG0004:p[0]|};
        {|NVG0004:*p|} = 1;
        """);

    [Fact]
    public Task Another_place_of_the_same_allocation_is_not_touched() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(128);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        _ = p[64];
        """);

    [Fact]
    public Task What_the_kernel_only_reads_may_be_read() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        io_uring_prep_write(sqe, fd, p, 64, 0);
        _ = p[0];
        {|NVG0004:p[1]|} = 0;
        """);

    [Fact]
    public Task A_use_after_the_release_is_reported() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        NativeMemory.Free(p);
        _ = {|NVG0008:p|}[0];
        """);

    [Fact]
    public Task A_second_release_is_a_use() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        NativeMemory.Free(p);
        NativeMemory.Free({|NVG0008:p|});
        """);

    [Fact]
    public Task A_second_Dispose_is_none() => FlowTest.Statements("""
        GpuMappedBuffer buffer = GpuMappedBuffer.Allocate();
        buffer.Dispose();
        buffer.Dispose();
        _ = {|NVG0008:buffer|}.Address;
        """);

    [Fact]
    public Task A_release_that_the_caller_decides_on_may_have_been() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        if (flag)
        {
            NativeMemory.Free(p);
        }
        _ = {|NVG0008.may:p|}[0];
        """);

    [Fact]
    public Task A_pointer_that_is_null_after_the_release_is_silent() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        if (Ask())
        {
            NativeMemory.Free(p);
            p = null;
        }
        if (p != null)
        {
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task An_owner_that_waits_by_itself_may_be_disposed_in_flight() => FlowTest.Statements("""
        using GpuMappedBuffer buffer = GpuMappedBuffer.Allocate();
        io_uring_prep_read(sqe, fd, (void*)buffer.Address, 64, 0);
        """);

    [Fact]
    public Task A_submit_whose_result_is_used_ends_what_lasts_until_then() => FlowTest.Statements("""
        iovec list = default;
        io_uring_prep_readv(sqe, fd, &list, 1, 0);
        if (io_uring_submit(ring) != 1)
        {
            throw new InvalidOperationException();
        }
        """);

    [Fact]
    public Task A_submit_whose_result_nobody_sees_ends_nothing() => FlowTest.Statements("""
        iovec list = default;
        io_uring_prep_readv(sqe, fd, {|NVG0002:&list|}, 1, 0);
        io_uring_submit(ring);
        """);

    [Fact]
    public Task A_polled_ring_takes_entries_in_its_own_time() => FlowTest.Statements("""
        uint flags = IORING_SETUP_SQPOLL;
        iovec list = default;
        io_uring_prep_readv(sqe, fd, {|NVG0002:&list|}, 1, 0);
        if (io_uring_submit(ring) != 1)
        {
            throw new InvalidOperationException();
        }
        """);

    [Fact]
    public Task Memory_of_a_copy_is_reported_by_the_rule_of_copies() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        copy_async(p);
        {|NVG0019:NativeMemory.Free(p)|};
        """);

    [Fact]
    public Task A_parameter_that_stays_in_flight_lacks_its_contract() => FlowTest.Members("""
        static void Begin(io_uring_sqe* sqe, void* {|NVG0090:into|}) => io_uring_prep_read(sqe, 0, into, 64, 0);
        """);

    [Fact]
    public Task A_parameter_that_carries_it_is_silent() => FlowTest.Members("""
        static void Begin(io_uring_sqe* sqe, [KernelRetains(Until.Completion)] void* into) =>
            io_uring_prep_read(sqe, 0, into, 64, 0);
        """);

    [Fact]
    public Task A_parameter_that_is_freed_on_every_path_lacks_its_contract() => FlowTest.Members("""
        static void End(void* {|NVG0090:probe|}) => free_probe(probe);
        """);
}
