using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What the flow rules make of functions, copies and ways out.</summary>
public sealed class MemoryLifetimeScopeTests
{
    [Fact]
    public Task What_a_local_function_captures_is_not_spoken_about() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        Wait();
        NativeMemory.Free(p);
        void Wait() => Keep(p);
        """);

    [Fact]
    public Task A_lambda_is_a_method_of_its_own() => FlowTest.Statements("""
        Action<nint> begin = entry =>
        {
            byte* p = stackalloc byte[8];
            io_uring_prep_read((io_uring_sqe*)entry, 0, {|NVG0002:p|}, 8, 0);
        };
        """);

    [Fact]
    public Task What_a_lambda_captures_is_not_spoken_about() => FlowTest.Statements("""
        GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        io_uring_prep_read(sqe, fd, (void*)pin.AddrOfPinnedObject(), 64, 0);
        Action later = () => pin.Free();
        pin.Free();
        """);

    [Fact]
    public Task A_ref_local_is_the_place_that_it_refers_to() => FlowTest.Statements("""
        ref byte alias = ref array[0];
        fixed (byte* p = &alias)
        {
            io_uring_prep_write(sqe, fd, {|NVG0001:p|}, 4, 0);
        }
        """);

    [Fact]
    public Task A_ref_local_that_is_read_after_the_wait_is_silent() => FlowTest.Statements("""
        Span<byte> block = stackalloc byte[8];
        ref byte first = ref block[0];
        fixed (byte* p = block)
        {
            io_uring_prep_read(sqe, fd, p, 8, 0);
            io_uring_wait_cqe(ring, &cqe);
        }
        _ = first;
        """);

    [Fact]
    public Task Tuples_trade_memory_in_pairs() => FlowTest.Statements("""
        nint a = (nint)NativeMemory.Alloc(64);
        nint b = (nint)NativeMemory.Alloc(64);
        (a, b) = (b, a);
        io_uring_prep_read(sqe, fd, (void*)a, 64, 0);
        NativeMemory.Free((void*)b);
        {|NVG0003:NativeMemory.Free((void*)a)|};
        """);

    [Fact]
    public Task With_copies_the_addresses_that_a_struct_holds() => FlowTest.Statements("""
        int number = 0;
        var one = new iovec { iov_base = {|NVG0002:&number|}, iov_len = 4 };
        iovec two = one with { iov_len = 2 };
        io_uring_prep_readv(sqe, fd, {|NVG0002:&two|}, 1, 0);
        """);

    [Fact]
    public Task With_and_a_wait_is_silent() => FlowTest.Statements("""
        int number = 0;
        var one = new iovec { iov_base = &number, iov_len = 4 };
        iovec two = one with { iov_len = 2 };
        io_uring_prep_readv(sqe, fd, &two, 1, 0);
        io_uring_wait_cqe(ring, &cqe);
        """);

    [Fact]
    public Task An_early_return_in_flight_may_be_wrong() => FlowTest.Statements("""
        byte* p = stackalloc byte[8];
        io_uring_prep_read(sqe, fd, {|NVG0002.may:p|}, 8, 0);
        if (Ask())
        {
            return;
        }
        io_uring_wait_cqe(ring, &cqe);
        """);

    [Fact]
    public Task An_early_return_before_the_hand_over_is_silent() => FlowTest.Statements("""
        byte* p = stackalloc byte[8];
        if (Ask())
        {
            return;
        }
        io_uring_prep_read(sqe, fd, p, 8, 0);
        io_uring_wait_cqe(ring, &cqe);
        """);

    [Fact]
    public Task A_goto_out_of_the_block_is_a_way_out() => FlowTest.Statements("""
        fixed (byte* p = array)
        {
            io_uring_prep_read(sqe, fd, {|NVG0001:p|}, 8, 0);
            goto done;
        }
        done:
        io_uring_wait_cqe(ring, &cqe);
        """);

    [Fact]
    public Task A_goto_that_waits_is_silent() => FlowTest.Statements("""
        fixed (byte* p = array)
        {
            io_uring_prep_read(sqe, fd, p, 8, 0);
        again:
            if (io_uring_wait_cqe(ring, &cqe) < 0)
            {
                goto again;
            }
        }
        """);

    [Fact]
    public Task An_await_of_a_delay_waits_for_no_completion() => FlowTest.SafeMembers("""
        async Task RunAsync(nint entry, byte[] array)
        {
            GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            Begin(entry, pin.AddrOfPinnedObject());
            await Task.Delay(1);
            {|NVG0003:pin.Free()|};
        }
        unsafe void Begin(nint entry, [KernelRetains(Until.Completion)] nint address)
        {
            io_uring_prep_read((io_uring_sqe*)entry, 0, (void*)address, 8, 0);
        }
        """);

    [Fact]
    public Task An_await_of_anything_else_may_have_waited() => FlowTest.SafeMembers("""
        async Task RunAsync(nint entry, byte[] array, Task completed)
        {
            GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            Begin(entry, pin.AddrOfPinnedObject());
            await completed;
            pin.Free();
        }
        unsafe void Begin(nint entry, [KernelRetains(Until.Completion)] nint address)
        {
            io_uring_prep_read((io_uring_sqe*)entry, 0, (void*)address, 8, 0);
        }
        """);

    [Fact]
    public Task An_async_iterator_is_followed_up_to_its_yield() => FlowTest.SafeMembers("""
        async IAsyncEnumerable<int> RunAsync(nint entry, byte[] array, Task completed)
        {
            GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            Begin(entry, pin.AddrOfPinnedObject());
            {|NVG0003:pin.Free()|};
            yield return 1;
            await completed;
        }
        unsafe void Begin(nint entry, [KernelRetains(Until.Completion)] nint address)
        {
            io_uring_prep_read((io_uring_sqe*)entry, 0, (void*)address, 8, 0);
        }
        """);

    [Fact]
    public Task Behind_a_yield_the_caller_may_have_waited() => FlowTest.SafeMembers("""
        async IAsyncEnumerable<int> RunAsync(nint entry, byte[] array, Task completed)
        {
            GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            Begin(entry, pin.AddrOfPinnedObject());
            yield return 1;
            pin.Free();
            await completed;
        }
        unsafe void Begin(nint entry, [KernelRetains(Until.Completion)] nint address)
        {
            io_uring_prep_read((io_uring_sqe*)entry, 0, (void*)address, 8, 0);
        }
        """);

    [Fact]
    public Task What_is_given_to_unseen_code_is_not_spoken_about() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        Keep(p);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        NativeMemory.Free(p);
        """);

    [Fact]
    public Task A_call_that_is_given_the_ring_may_have_waited() => FlowTest.Members("""
        static void Drain(io_uring* ring) { }
        void Run(io_uring* ring, io_uring_sqe* sqe)
        {
            void* p = NativeMemory.Alloc(64);
            io_uring_prep_read(sqe, 0, p, 64, 0);
            Drain(ring);
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task A_field_initializer_is_a_body() => FlowTest.Members("""
        nint _buffer = Begin((nint)NativeMemory.Alloc(64));
        static nint Begin([KernelRetains(Until.Completion)] nint address) => address;
        """);
}
