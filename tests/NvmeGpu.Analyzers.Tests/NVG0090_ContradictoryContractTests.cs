using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class ContradictoryContractTests
{
    [Theory]
    [InlineData("void Read([{|NVG0090:KernelRetains(Until.Completion, Length = \"lenght\")|}] void* address, "
    + "int length) { }")]
    [InlineData("void Read([{|NVG0090:KernelRetains(Until.Completion, Offset = \"offset\")|}] void* address, "
    + "int length) { }")]
    [InlineData("void Read([{|NVG0090:Registered(Index = \"buf\", Length = \"length\")|}] void* address, int "
    + "length) { }")]
    [InlineData("void Read([{|NVG0090:Registered(Ring = \"ring\")|}] void* address) { }")]
    [InlineData(
        "void Read([{|NVG0090:KernelRetains(Until.Completion, Length = \"address\")|}] void* address) { }")]
    [InlineData("void Read([{|NVG0090:KernelRetains(Until.Completion, Length = \"\")|}] void* address) { }")]
    [InlineData("static void Read([{|NVG0090:Registered(Ring = \"this\")|}] void* address) { }")]
    [InlineData("[{|NVG0090:KernelRetains(Until.Completion, Length = \"len\")|}] ulong addr;")]
    [InlineData("[{|NVG0090:Registered(Index = \"Missing\")|}] nint Address => 0;")]
    [InlineData("[return: {|NVG0090:Registered(Index = \"Missing\")|}] void* Address() => null;")]
    [InlineData(
        "delegate void Read([{|NVG0090:KernelRetains(Until.Completion, Length = \"n\")|}] void* address);")]
    public Task A_contract_names_a_sibling_that_exists(string member) => InClass(member);

    [Theory]
    [InlineData("void Read([KernelRetains(Until.Completion, Length = nameof(n), Offset = \"at\")] void* "
    + "address, int n, long at) { }")]
    [InlineData("void Read([Registered(Index = nameof(i), Length = \"n\", Ring = \"this\")] void* address, "
    + "int i, int n) { }")]
    [InlineData("Ring ring; void Read([Registered(Ring = nameof(ring))] void* address) { }")]
    [InlineData("[KernelRetains(Until.Completion, Length = \"len\")] ulong addr; uint len;")]
    [InlineData("[Registered(Index = nameof(Index), Length = \"Length\")] nint Address => 0; int Index => 0; "
    + "int Length;")]
    [InlineData("[return: Registered(Index = \"BufferIndex\")] RegisteredRegion Take() => default;")]
    [InlineData("[return: Registered(Index = \"i\")] void* Take(int i) => null;")]
    [InlineData(
        "delegate void Read([KernelRetains(Until.Completion, Length = \"n\")] void* address, int n);")]
    [InlineData("void Read([KernelRetains(Until.Completion, Length = null)] void* address) { }")]
    public Task Parameters_members_and_this_are_siblings(string member) => InClass(member);

    [Theory]
    [InlineData("void Read([{|NVG0090:KernelRetains(Until.Completion)|}] int fd) { }")]
    [InlineData("void Read([{|NVG0090:KernelRetainsAttribute(Until.Submit)|}] uint length) { }")]
    [InlineData("void Read([{|NVG0090:NvmeGpu.Contracts.KernelRetains(Until.Submit)|}] DayOfWeek day) { }")]
    [InlineData("[{|NVG0090:KernelRetains(Until.Completion)|}] bool flag;")]
    [InlineData("delegate void Read([{|NVG0090:KernelRetains(Until.Completion)|}] byte one);")]
    public Task A_number_that_cannot_hold_an_address_keeps_none(string member) => InClass(member);

    [Theory]
    [InlineData("void Read([KernelRetains(Until.Completion)] void* address) { }")]
    [InlineData("void Read([KernelRetains(Until.Completion)] nint address, [KernelRetains(Until.Submit)] "
    + "ulong other) { }")]
    [InlineData("void Read([KernelRetains(Until.Completion)] Span<byte> into, [KernelRetains(Until.Submit)] "
    + "Memory<byte> other) { }")]
    [InlineData("void Read([KernelRetains(Until.Completion)] in int value) { }")]
    [InlineData("void Read([KernelRetains(Until.Completion)] byte[] array, [KernelRetains(Until.Submit)] "
    + "string path) { }")]
    [InlineData("void Read([KernelRetains(Until.Completion)] in RegisteredRegion into, "
    + "[KernelRetains(Until.Submit)] GCHandle handle) { }")]
    [InlineData("void Read<T>([KernelRetains(Until.Completion)] T anything) { }")]
    [InlineData("void Read([KernelRetains(Until.Completion, Opaque = true)] uint data) { }")]
    [InlineData(
        "void Read([{|CS7036:KernelRetains|}] int half, [{|CS0246:{|CS0246:Missing|}|}] int other) { }")]
    public Task What_may_be_an_address_is_left_alone(string member) => InClass(member);

    [Theory]
    [InlineData("[KernelRetains(Until.Completion)] ", "[{|NVG0090:KernelRetains(Until.Submit)|}] ")]
    [InlineData("[KernelRetains(Until.Completion, Opaque = true)] ",
        "[{|NVG0090:KernelRetains(Until.Completion)|}] ")]
    [InlineData("", "[{|NVG0090:KernelRetains(Until.Completion)|}] ")]
    [InlineData("", "[{|NVG0090:Releases|}] ")]
    [InlineData("[Aligned(512)] ", "[{|NVG0090:Aligned(4096)|}] ")]
    [InlineData(
        "[KernelRetains(Until.Completion)] ", "[KernelRetains(Until.Completion), {|NVG0090:PageLocked|}] ")]
    public async Task An_override_or_implementation_says_what_its_base_says(string one, string other)
    {
        await RuleTest.Program<ContradictoryContract>(Family(one, other));
        await RuleTest.Program<ContradictoryContract>(Implementation(one, other, "public void Read("));
        await RuleTest.Program<ContradictoryContract>(Implementation(one, other, "void IReader.Read("));
    }

    [Theory]
    [InlineData("[KernelRetains(Until.Completion)] ", "[KernelRetains(Until.Completion)] ")]
    [InlineData("[KernelRetains(Until.Completion, Length = \"m\")] ",
        "[KernelRetains(Until.Completion, Length = \"n\")] ")]
    [InlineData("[KernelRetains(Until.Completion)] ", "")]
    [InlineData("", "[Completes] ")]
    public async Task The_same_contract_and_one_that_only_promises_are_right(string one, string other)
    {
        await RuleTest.Program<ContradictoryContract>(Family(one, other));
        await RuleTest.Program<ContradictoryContract>(Implementation(one, other, "public void Read("));
        await RuleTest.Program<ContradictoryContract>(Implementation(one, other, "void IReader.Read("));
    }

    [Fact]
    public Task A_base_that_cannot_carry_contracts_says_nothing() =>
        RuleTest.Program<ContradictoryContract>("""
        using System;
        using NvmeGpu.Contracts;

        sealed class Pool : System.Buffers.MemoryPool<byte>
        {
            public override int MaxBufferSize => 1;
            public override System.Buffers.IMemoryOwner<byte> Rent(int size = -1) => throw new NotSupportedException();
            protected override void Dispose(bool disposing) { }
        }

        sealed class Text : IEquatable<byte[]>
        {
            public bool Equals([KernelRetains(Until.Submit)] byte[] other) => false;
        }
        """);

    [Fact]
    public Task A_partial_method_is_looked_at_once() => RuleTest.Program<ContradictoryContract>("""
        using NvmeGpu.Contracts;

        unsafe partial class Reader
        {
            private partial void Read([{|NVG0090:KernelRetains(Until.Completion)|}] int fd);
            private partial void Read(int fd) { }
        }
        """);

    private static Task InClass(string member) => RuleTest.Program<ContradictoryContract>($$"""
        using System;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;

        unsafe class Reader
        {
            {{member}}
        }
        """);

    private static string Family(string one, string other) => $$"""
        using NvmeGpu.Contracts;

        abstract unsafe class Reader { public abstract void Read({{one}}void* p, int m); }
        unsafe class FileReader : Reader { public override void Read({{other}}void* q, int n) { } }
        """;

    private static string Implementation(string one, string other, string method) => $$"""
        using NvmeGpu.Contracts;

        unsafe interface IReader { void Read({{one}}void* p, int m); }
        unsafe class FileReader : IReader { {{method}}{{other}}void* q, int n) { } }
        """;
}
