using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using NvmeGpu.CodeFixes;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class RemoveSuppressGCTransitionTests
{
    [Theory]
    [InlineData(
        "[DllImport(\"c\"), SuppressGCTransition, MayBlock] static extern int {|NVG0014:wait|}(int fd);",
        "[DllImport(\"c\"), MayBlock] static extern int wait(int fd);")]
    [InlineData(
        "[DllImport(\"c\"), MayBlock, System.Runtime.InteropServices.SuppressGCTransitionAttribute] static "
        + "extern int {|NVG0014:wait|}(int fd);",
        "[DllImport(\"c\"), MayBlock] static extern int wait(int fd);")]
    [InlineData(
        "[DllImport(\"c\")] [SuppressGCTransition] [MayBlock] static extern int {|NVG0014:wait|}(int fd);",
        "[DllImport(\"c\")] [MayBlock] static extern int wait(int fd);")]
    public Task The_attribute_goes_and_its_list_when_it_was_alone(string before, string after) =>
        RuleTest.FixProgram<BlockingCallWithoutTransition, RemoveSuppressGCTransition>(
            InClass(before), InClass(after));

    [Theory]
    [InlineData(
        "[MayBlock] delegate* unmanaged[SuppressGCTransition]<int, int> {|NVG0014:wait|};",
        "[MayBlock] delegate* unmanaged<int, int> wait;")]
    [InlineData(
        "[MayBlock] delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int> {|NVG0014:wait|};",
        "[MayBlock] delegate* unmanaged[Cdecl]<int, int> wait;")]
    [InlineData(
        "[MayBlock] delegate* unmanaged[SuppressGCTransition]<int, int> {|NVG0014:wait|} = (delegate* "
        + "unmanaged[SuppressGCTransition]<int, int>)Find();",
        "[MayBlock] delegate* unmanaged<int, int> wait = (delegate* unmanaged<int, int>)Find();")]
    public Task The_convention_goes_from_the_type_and_from_the_cast(string before, string after) =>
        RuleTest.FixProgram<BlockingCallWithoutTransition, RemoveSuppressGCTransition>(
            InClass(before), InClass(after));

    [Fact]
    public Task All_of_a_file_are_fixed_at_once() =>
        RuleTest.FixProgram<BlockingCallWithoutTransition, RemoveSuppressGCTransition>(
            InClass("""
                /// <summary>Reads.</summary>
                    [SuppressGCTransition]
                    [DllImport("c"), MayBlock] static extern int {|NVG0014:read|}(int fd);
                    [DllImport("c"), MayBlock, SuppressGCTransition] static extern int {|NVG0014:write|}(int fd);
                """),
            InClass("""
                /// <summary>Reads.</summary>
                    [DllImport("c"), MayBlock] static extern int read(int fd);
                    [DllImport("c"), MayBlock] static extern int write(int fd);
                """));

    [Fact]
    public Task No_fix_is_offered_for_a_convention_given_by_type()
    {
        string program = InClass("[DllImport(\"c\"), MayBlock, UnmanagedCallConv(CallConvs = "
            + "[typeof(CallConvSuppressGCTransition)])] static extern int {|NVG0014:wait|}(int fd);");
        return RuleTest.FixProgram<BlockingCallWithoutTransition, RemoveSuppressGCTransition>(
            program, program);
    }

    private static string InClass(string declaration) => $$"""
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;

        unsafe partial class Native
        {
            {{declaration}}
            static void* Find() => null;
        }
        """;
}
