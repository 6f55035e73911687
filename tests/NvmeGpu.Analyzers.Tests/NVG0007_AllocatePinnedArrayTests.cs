using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using NvmeGpu.CodeFixes;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class AllocatePinnedArrayTests
{
    [Theory]
    [InlineData("var b = new byte[4096];", "var b = GC.AllocateArray<byte>(4096, pinned: true);")]
    [InlineData("long[] b = new long[n * 2];", "long[] b = GC.AllocateArray<long>(n * 2, pinned: true);")]
    [InlineData("var b = /* slot */ new iovec[n]; // one",
        "var b = /* slot */ GC.AllocateArray<iovec>(n, pinned: true); // one")]
    public Task The_array_is_allocated_pinned_with_the_same_length_and_content(string before, string after)
    {
        const string Use = "\nsqe->addr = ";
        return RuleTest.Fix<MovableMemory, AllocatePinnedArray>(
            before + Use + "{|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|};",
            after + Use + "(ulong)Unsafe.AsPointer(ref b[0]);");
    }

    [Theory]
    [InlineData("byte[] b = { 1, 2 };")]
    [InlineData("var b = new byte[] { 1, 2 };")]
    [InlineData("var b = new byte[4096L];")]
    [InlineData("var b = ArrayPool<byte>.Shared.Rent(4096);")]
    [InlineData("var b = flag ? new byte[1] : new byte[2];")]
    public Task No_fix_is_offered_where_it_would_change_more_than_the_place(string allocation)
    {
        string statements = allocation + "\nsqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|};";
        return RuleTest.Fix<MovableMemory, AllocatePinnedArray>(statements, statements);
    }
}
