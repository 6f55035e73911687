using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using NvmeGpu.CodeFixes;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class KeepOwnerAliveTests
{
    [Fact]
    public Task A_straight_block_ends_with_keeping_the_owner() => RuleTest.Fix<OwnerLost, KeepOwnerAlive>(
        """
        var b = Buffer.Allocate(4096);
        ring.Read({|NVG0016:b.Address|}, 4096);
        ring.Peek(null);
        """,
        """
        var b = Buffer.Allocate(4096);
        ring.Read(b.Address, 4096);
        ring.Peek(null);
        GC.KeepAlive(b);
        """);

    [Fact]
    public Task It_is_kept_before_a_return_of_something_that_needs_no_memory() =>
        RuleTest.Fix<OwnerLost, KeepOwnerAlive>(
            """
            var b = Buffer.Allocate(4096);
            sqe->addr = (ulong){|NVG0016:b.Address|};
            return;
            """,
            """
            var b = Buffer.Allocate(4096);
            sqe->addr = (ulong)b.Address;
            GC.KeepAlive(b);
            return;
            """);

    [Theory]
    [InlineData("var b = Buffer.Allocate(1); if (flag) { ring.Read({|NVG0016:b.Address|}, 1); }")]
    [InlineData(
        "var b = Buffer.Allocate(1); ring.Read({|NVG0016:b.Address|}, 1); if (flag) { ring.Peek(null); }")]
    [InlineData("var b = Buffer.Allocate(1); ring.Read({|NVG0016:b.Address|}, 1); while (flag) { }")]
    [InlineData("Func<int> f = () => { var b = Buffer.Allocate(1); ring.Read({|NVG0016:b.Address|}, 1); "
    + "return Wait(); int Wait() => 0; };")]
    public Task No_fix_is_offered_where_the_end_is_not_plain(string statements) =>
        RuleTest.Fix<OwnerLost, KeepOwnerAlive>(statements, statements);
}
