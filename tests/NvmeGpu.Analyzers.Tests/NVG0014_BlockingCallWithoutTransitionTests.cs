using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class BlockingCallWithoutTransitionTests
{
    [Theory]
    [InlineData(
        "[DllImport(\"c\"), SuppressGCTransition, MayBlock] static extern int {|NVG0014:wait|}(int fd);")]
    [InlineData("[MayBlock] [DllImport(\"c\")] [SuppressGCTransitionAttribute] static extern int "
    + "{|NVG0014:wait|}(int fd);")]
    [InlineData("[DllImport(\"c\"), MayBlock, UnmanagedCallConv(CallConvs = new[] { "
    + "typeof(CallConvSuppressGCTransition) })] static extern int {|NVG0014:wait|}(int fd);")]
    [InlineData("[DllImport(\"c\"), MayBlock, UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl), "
    + "typeof(CallConvSuppressGCTransition)])] static extern int {|NVG0014:wait|}(int fd);")]
    [InlineData("[SuppressGCTransition, MayBlock] private static partial int {|NVG0014:wait|}(int fd); "
    + "private static partial int wait(int fd) => fd;")]
    public Task A_native_method_that_may_block_makes_the_transition(string declaration) =>
        RuleTest.Program<BlockingCallWithoutTransition>(InClass(declaration));

    [Theory]
    [InlineData("[MayBlock] delegate* unmanaged[SuppressGCTransition]<int, int> {|NVG0014:wait|};")]
    [InlineData("[MayBlock] public readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int> "
    + "{|NVG0014:wait|};")]
    [InlineData("[MayBlock] delegate* unmanaged[SuppressGCTransition]<int, int> {|NVG0014:read|}, "
    + "{|NVG0014:write|};")]
    public Task A_function_pointer_that_may_block_makes_the_transition(string declaration) =>
        RuleTest.Program<BlockingCallWithoutTransition>(InClass(declaration));

    [Theory]
    [InlineData("[DllImport(\"c\"), SuppressGCTransition] static extern int getpid();")]
    [InlineData("[DllImport(\"c\"), MayBlock] static extern int wait(int fd);")]
    [InlineData("[DllImport(\"c\"), MayBlock, UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])] static "
    + "extern int wait(int fd);")]
    [InlineData("[DllImport(\"c\"), MayBlock, UnmanagedCallConv] static extern int wait(int fd);")]
    [InlineData(
        "[DllImport(\"c\"), MayBlock, UnmanagedCallConv(CallConvs = null)] static extern int wait(int fd);")]
    [InlineData("delegate* unmanaged[SuppressGCTransition]<int> getpid;")]
    [InlineData("[MayBlock] delegate* unmanaged<int, int> wait;")]
    [InlineData("[MayBlock] delegate* unmanaged[Cdecl]<int, int> wait;")]
    [InlineData("[MayBlock] delegate*<int, int> wait;")]
    [InlineData("[MayBlock] int wait;")]
    [InlineData("[MayBlock] delegate* unmanaged<delegate* unmanaged[SuppressGCTransition]<int>, int> wait;")]
    public Task A_short_call_may_go_without_and_a_long_one_that_makes_it_is_right(string declaration) =>
        RuleTest.Program<BlockingCallWithoutTransition>(InClass(declaration));

    [Theory]
    [InlineData("[DllImport(\"c\"), SuppressGCTransition, Own.MayBlock] static extern int wait(int fd);")]
    [InlineData("[DllImport(\"c\"), Own.SuppressGCTransition, MayBlock] static extern int wait(int fd);")]
    public Task Attributes_of_the_same_name_from_elsewhere_are_others(string declaration) =>
        RuleTest.Program<BlockingCallWithoutTransition>(InClass(declaration) + """

            namespace Own
            {
                class MayBlockAttribute : System.Attribute;
                class SuppressGCTransitionAttribute : System.Attribute;
            }
            """);

    private static string InClass(string declaration) => $$"""
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;

        unsafe partial class Native
        {
            {{declaration}}
        }
        """;
}
