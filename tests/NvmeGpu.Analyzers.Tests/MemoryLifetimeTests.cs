using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What the flow rules make of each construct of the language.</summary>
public sealed class MemoryLifetimeTests
{
    [Fact]
    public Task Straight_code_that_frees_before_the_wait_is_reported() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        {|NVG0003:NativeMemory.Free(p)|};
        """);

    [Fact]
    public Task Straight_code_that_waits_first_is_silent() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        io_uring_wait_cqe(ring, &cqe);
        NativeMemory.Free(p);
        """);

    [Fact]
    public Task A_wait_in_one_branch_that_the_caller_decides_may_be_missing() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        if (flag)
        {
            io_uring_wait_cqe(ring, &cqe);
        }
        {|NVG0003.may:NativeMemory.Free(p)|};
        """);

    [Fact]
    public Task Branches_on_the_same_condition_belong_together() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        if (flag)
        {
            io_uring_prep_read(sqe, fd, p, 64, 0);
        }
        if (flag)
        {
            io_uring_wait_cqe(ring, &cqe);
        }
        NativeMemory.Free(p);
        """);

    [Fact]
    public Task A_local_that_remembers_the_submission_is_believed() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        bool begun = false;
        if (Ask())
        {
            io_uring_prep_read(sqe, fd, p, 64, 0);
            begun = true;
        }
        if (begun)
        {
            io_uring_wait_cqe(ring, &cqe);
        }
        NativeMemory.Free(p);
        """);

    [Fact]
    public Task A_loop_that_frees_in_each_round_is_reported() => FlowTest.Statements("""
        for (int i = 0; i < n; i++)
        {
            void* p = NativeMemory.Alloc(64);
            io_uring_prep_read(sqe, fd, p, 64, 0);
            {|NVG0003:NativeMemory.Free(p)|};
        }
        """);

    [Fact]
    public Task A_loop_that_counts_completions_down_is_silent() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        int pending = 0;
        for (int i = 0; i < n; i++)
        {
            io_uring_prep_read(sqe, fd, p, 64, 0);
            pending++;
        }
        while (pending > 0)
        {
            io_uring_wait_cqe(ring, &cqe);
            pending--;
        }
        NativeMemory.Free(p);
        """);

    [Fact]
    public Task A_buffer_that_trades_places_in_a_loop_is_not_mistaken_for_its_successor() =>
        FlowTest.Members("""
        byte* Next() => null;
        void Run(io_uring_sqe* sqe, int n)
        {
            byte* current = Next();
            for (int i = 0; i < n; i++)
            {
                byte* last = current;
                current = Next();
                io_uring_prep_read(sqe, 0, current, 64, 0);
                NativeMemory.Free(last);
            }
        }
        """);

    [Fact]
    public Task A_foreach_round_is_reported_like_straight_code() => FlowTest.Members("""
        void Run(io_uring_sqe* sqe, List<byte[]> all)
        {
            foreach (byte[] one in all)
            {
                GCHandle pin = GCHandle.Alloc(one, GCHandleType.Pinned);
                io_uring_prep_read(sqe, 0, (void*)pin.AddrOfPinnedObject(), 64, 0);
                {|NVG0003:pin.Free()|};
            }
        }
        """);

    [Fact]
    public Task A_foreach_over_the_buffers_after_the_waits_is_silent() => FlowTest.Members("""
        void Run(io_uring* ring, io_uring_sqe* sqe, nint[] all)
        {
            io_uring_cqe* cqe;
            foreach (nint one in all)
            {
                io_uring_prep_read(sqe, 0, (void*)one, 64, 0);
            }
            foreach (nint one in all)
            {
                io_uring_wait_cqe(ring, &cqe);
            }
            foreach (nint one in all)
            {
                NativeMemory.Free((void*)one);
            }
        }
        """);

    [Fact]
    public Task A_finally_that_frees_is_reported_when_nothing_waited() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        try
        {
            io_uring_prep_read(sqe, fd, p, 64, 0);
            Unknown();
        }
        finally
        {
            {|NVG0003:NativeMemory.Free(p)|};
        }
        """);

    [Fact]
    public Task A_finally_that_frees_what_the_try_block_waited_for_is_silent() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        try
        {
            io_uring_prep_read(sqe, fd, p, 64, 0);
            Unknown();
            io_uring_wait_cqe(ring, &cqe);
        }
        finally
        {
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task A_finally_that_only_one_way_reaches_in_flight_may_be_wrong() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        try
        {
            io_uring_prep_read(sqe, fd, p, 64, 0);
            if (Ask())
            {
                return;
            }
            io_uring_wait_cqe(ring, &cqe);
        }
        finally
        {
            {|NVG0003.may:NativeMemory.Free(p)|};
        }
        """);

    [Fact]
    public Task A_catch_that_frees_what_was_handed_over_before_is_reported() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        try
        {
            Unknown();
        }
        catch (InvalidOperationException)
        {
            {|NVG0003:NativeMemory.Free(p)|};
        }
        """);

    [Fact]
    public Task A_catch_behind_a_wait_is_silent() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        try
        {
            Unknown();
            io_uring_prep_read(sqe, fd, p, 64, 0);
            io_uring_wait_cqe(ring, &cqe);
            Unknown();
        }
        catch (InvalidOperationException)
        {
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task A_using_declaration_is_reported_at_its_variable() => FlowTest.Statements("""
        using MemoryHandle {|NVG0003:pin|} = memory.Pin();
        io_uring_prep_read(sqe, fd, pin.Pointer, 64, 0);
        """);

    [Fact]
    public Task A_using_declaration_with_a_wait_is_silent() => FlowTest.Statements("""
        using MemoryHandle pin = memory.Pin();
        io_uring_prep_read(sqe, fd, pin.Pointer, 64, 0);
        io_uring_wait_cqe(ring, &cqe);
        """);

    [Fact]
    public Task A_using_statement_is_reported_at_its_variable() => FlowTest.Statements("""
        using (MemoryHandle {|NVG0003:pin|} = memory.Pin())
        {
            io_uring_prep_read(sqe, fd, pin.Pointer, 64, 0);
        }
        io_uring_wait_cqe(ring, &cqe);
        """);

    [Fact]
    public Task A_using_statement_that_waits_is_silent() => FlowTest.Statements("""
        using (MemoryHandle pin = memory.Pin())
        {
            io_uring_prep_read(sqe, fd, pin.Pointer, 64, 0);
            io_uring_wait_cqe(ring, &cqe);
        }
        """);

    [Fact]
    public Task A_switch_expression_that_picks_memory_hands_over_either() => FlowTest.Statements("""
        byte* one = stackalloc byte[8];
        byte* two = stackalloc byte[8];
        io_uring_prep_read(sqe, fd, {|NVG0002:n switch { 0 => one, _ => two }|}, 8, 0);
        """);

    [Fact]
    public Task A_switch_expression_over_a_result_is_silent_after_the_wait() => FlowTest.Statements("""
        byte* p = stackalloc byte[8];
        io_uring_prep_read(sqe, fd, p, 8, 0);
        _ = io_uring_wait_cqe(ring, &cqe) switch { 0 => p[0], _ => 0 };
        """);

    [Fact]
    public Task A_pattern_variable_is_the_same_memory() => FlowTest.Statements("""
        object given = array;
        if (array is byte[] rented)
        {
            fixed (byte* p = rented)
            {
                io_uring_prep_read(sqe, fd, {|NVG0001:p|}, 8, 0);
            }
        }
        """);

    [Fact]
    public Task A_pattern_that_only_tests_is_silent() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        io_uring_prep_read(sqe, fd, p, 64, 0);
        if (io_uring_wait_cqe(ring, &cqe) is 0 and var result)
        {
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task A_local_function_is_a_method_of_its_own() => FlowTest.Statements("""
        Begin(sqe);
        static void Begin(io_uring_sqe* entry)
        {
            byte* p = stackalloc byte[8];
            io_uring_prep_read(entry, 0, {|NVG0002:p|}, 8, 0);
        }
        """);
}
