using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using NvmeGpu.CodeFixes;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class AwaitDroppedTaskTests
{
    [Theory]
    [InlineData("/* a */ {|NVG0005:stream.ReadAsync(region, 3, 0)|}; // b",
        "/* a */ await stream.ReadAsync(region, 3, 0); // b")]
    [InlineData("{|NVG0005:stream.ReadAsync(region, 3, 0)|}.ConfigureAwait(false);",
        "await stream.ReadAsync(region, 3, 0).ConfigureAwait(false);")]
    public Task A_statement_of_an_async_method_awaits(string before, string after) =>
        RingPrograms.Fix<DroppedToken, AwaitDroppedTask>(before, after, isAsync: true);

    [Theory]
    [InlineData("_ = {|NVG0005:stream.ReadAsync(region, 3, 0)|};")]
    [InlineData("var read = {|NVG0005:stream.ReadAsync(region, 3, 0)|};")]
    [InlineData("{|NVG0005:owned.Nop()|};")]
    [InlineData("lock (owned) { {|NVG0005:stream.ReadAsync(region, 3, 0)|}; }")]
    [InlineData("Action later = () => { {|NVG0005:stream.ReadAsync(region, 3, 0)|}; }; later();")]
    public Task No_fix_is_offered_where_awaiting_is_not_all_there_is_to_say(string statements) =>
        RingPrograms.Fix<DroppedToken, AwaitDroppedTask>(statements, statements, isAsync: true);

    [Fact]
    public Task No_fix_is_offered_in_a_method_that_is_not_async()
    {
        const string Statements = "{|NVG0005:stream.ReadAsync(region, 3, 0)|};";
        return RingPrograms.Fix<DroppedToken, AwaitDroppedTask>(Statements, Statements, isAsync: false);
    }
}
