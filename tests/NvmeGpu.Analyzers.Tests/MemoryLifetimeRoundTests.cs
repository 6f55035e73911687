using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>What a loop released in one round and uses in the next.</summary>
public sealed class MemoryLifetimeRoundTests
{
    [Fact]
    public Task What_each_round_frees_is_gone_in_the_second() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        for (int i = 0; i < n; i++)
        {
            {|NVG0008.may:p|}[0] = 1;
            NativeMemory.Free({|NVG0008.may:p|});
        }
        """);

    [Fact]
    public Task A_walk_over_a_collection_has_rounds() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        foreach (byte one in array)
        {
            io_uring_prep_read(sqe, fd, {|NVG0008.may:p|}, 64, 0);
            io_uring_wait_cqe(ring, &cqe);
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task A_call_that_is_tried_again_has_rounds() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        int result;
        do
        {
            {|NVG0008.may:p|}[0] = 1;
            result = io_uring_submit(ring);
            NativeMemory.Free({|NVG0008.may:p|});
        }
        while (result == -11);
        """);

    [Fact]
    public Task A_loop_without_an_end_has_rounds() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        while (true)
        {
            {|NVG0008.may:p|}[0] = 1;
            NativeMemory.Free({|NVG0008.may:p|});
        }
        """);

    [Fact]
    public Task A_new_block_in_each_round_is_silent() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        for (int i = 0; i < n; i++)
        {
            p[0] = 1;
            NativeMemory.Free(p);
            p = (byte*)NativeMemory.Alloc(64);
        }
        NativeMemory.Free(p);
        """);

    [Fact]
    public Task A_pointer_that_is_null_after_its_round_is_silent() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        while (p != null)
        {
            p[0] = 1;
            NativeMemory.Free(p);
            p = null;
        }
        """);

    [Theory]
    [InlineData("if (i == n - 1) { NativeMemory.Free(p); }")]
    [InlineData("if (i < n - 1) { continue; } NativeMemory.Free(p);")]
    [InlineData("if (Ask()) { NativeMemory.Free(p); break; }")]
    [InlineData("if (Ask()) { NativeMemory.Free(p); return; }")]
    [InlineData("NativeMemory.Free(p); break;")]
    [InlineData("NativeMemory.Free(p); throw new InvalidOperationException();")]
    [InlineData("NativeMemory.Free(p); i = n;")]
    [InlineData("NativeMemory.Free(p); n = 0;")]
    public Task A_free_in_the_last_round_is_silent(string free) => FlowTest.Statements($$"""
        byte* p = (byte*)NativeMemory.Alloc(64);
        for (int i = 0; i < n; i++)
        {
            p[0] = 1;
            {{free}}
        }
        """);

    [Theory]
    [InlineData("while (!done)", "done = true;")]
    [InlineData("for (; !done && Ask(); )", "done = true;")]
    [InlineData("while (!_done)", "_done = true;")]
    [InlineData("while (state != 2)", "state = 2;")]
    [InlineData("while (Ask())", "")]
    [InlineData("while (false)", "")]
    [InlineData("for (int i = 0; i < 1; i++)", "")]
    [InlineData("for (int i = 0; i <= 0; i++)", "")]
    [InlineData("for (int i = 1; i > 0; i--)", "")]
    [InlineData("for (int i = 0; i == 0; i++)", "")]
    [InlineData("while (state == 0)", "Set(out state);")]
    public Task A_loop_that_may_be_meant_for_one_round_is_silent(string loop, string end) =>
        FlowTest.Members($$"""
        static bool _done;
        static void Set(out int state) => state = 1;
        void Run()
        {
            bool done = false;
            int state = 0;
            byte* p = (byte*)NativeMemory.Alloc(64);
            {{loop}}
            {
                p[0] = (byte)(done ? 1 : state);
                NativeMemory.Free(p);
                {{end}}
            }
        }
        """);

    [Fact]
    public Task A_body_that_runs_once_is_silent() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        do
        {
            p[0] = 1;
            NativeMemory.Free(p);
        }
        while (false);
        """);

    [Fact]
    public Task A_use_in_the_first_round_only_is_silent() => FlowTest.Statements("""
        void* p = NativeMemory.Alloc(64);
        for (int i = 0; i < n; i++)
        {
            if (i == 0)
            {
                _ = ((byte*)p)[0];
            }
            NativeMemory.Free({|NVG0008.may:p|});
        }
        """);

    [Fact]
    public Task Another_try_after_a_failure_that_freed_nothing_is_silent() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        while (true)
        {
            try
            {
                p[0] = 1;
                Unknown();
                NativeMemory.Free(p);
                return;
            }
            catch (TimeoutException)
            {
            }
        }
        """);

    [Fact]
    public Task A_flag_that_remembers_the_free_is_believed() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        bool live = true;
        for (int i = 0; i < n; i++)
        {
            if (live)
            {
                p[0] = 1;
                NativeMemory.Free(p);
                live = false;
            }
        }
        """);

    [Fact]
    public Task The_use_after_the_loop_is_not_of_a_round() => FlowTest.Statements("""
        byte* p = (byte*)NativeMemory.Alloc(64);
        for (int i = 0; i < n; i++)
        {
            NativeMemory.Free({|NVG0008.may:p|});
        }
        p[0] = 1;
        """);
}
