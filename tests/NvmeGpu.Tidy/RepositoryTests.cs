using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.Tidy.Checks;
using Xunit;

namespace NvmeGpu.Tidy;

/// <summary>The repository is as the house style says, as far as a machine can see it.</summary>
public sealed class RepositoryTests(Tree tree) : IClassFixture<Tree>
{
    [Fact]
    public void The_files_that_git_has_were_read()
    {
        Assert.True(tree.Paths.Count > 400);
        Assert.Contains(tree.Files, file => file.Path == "runtime/Ring/IoUring.cs");
    }

    [Fact]
    public void Lines_end_with_LF_and_without_blanks_or_tabs() => Holds(Layout.LineEnds);

    [Fact]
    public void Lines_of_CSharp_are_within_110_columns() => Holds(Layout.Columns);

    [Fact]
    public void Files_are_not_longer_than_600_lines_without_a_reason() => Holds(Layout.Length);

    [Fact]
    public void Files_say_nullable_first_and_their_usings_and_namespace() => Holds(Layout.Head);

    [Fact]
    public void Generated_files_name_their_header_its_version_and_the_generator() => Holds(Layout.Provenance);

    [Fact]
    public void Unsafe_stays_inside_the_fence() => Holds(Fence.Places);

    [Fact]
    public void Unsafe_blocks_say_why_their_duty_is_met() => Holds(Fence.Reasons);

    [Fact]
    public void Unsafe_members_say_what_their_callers_duty_is() => Holds(Fence.Duties);

    [Fact]
    public void No_server_no_machine_and_no_work_put_off_is_named() => Holds(Words.Forbidden);

    [Fact]
    public void Nothing_that_is_built_or_fetched_is_committed() => Assert.Equal(
        "", Print(tree.Paths.SelectMany(Committed.Paths)));

    [Fact]
    public void Projects_refer_in_one_direction() => Holds(Layers.Projects);

    [Fact]
    public void Lower_layers_of_the_runtime_do_not_name_higher_ones() =>
        Assert.Equal("", Print(Layers.Runtime(tree.Files)));

    [Fact]
    public void Tests_are_named_as_claims() => Holds(Checks.Tests.Names);

    [Fact]
    public void The_hot_path_has_no_LINQ_and_nothing_asynchronous()
    {
        Assert.All(HotPath.Files, path => Assert.Contains(path, tree.Paths));
        Holds(HotPath.Constructs);
    }

    [Fact]
    public void Numbers_have_their_unit_last() => Holds(Names.Units);

    [Fact]
    public void Public_members_of_the_runtime_are_described_with_what_they_throw()
    {
        string[] types =
        [
            .. tree.Files.Where(file => file.IsBelow("runtime")
                    && file.Path.EndsWith("/Accessibility.Public.cs", StringComparison.Ordinal))
                .SelectMany(Documentation.PublicTypes),
        ];
        Assert.Contains("IoUring", types);
        Assert.Contains("CudaDriver", types);
        Holds(file => Documentation.Members(file, types));
    }

    private void Holds(Func<TextFile, IEnumerable<Finding>> check) =>
        Assert.Equal("", Print(tree.Files.SelectMany(check)));

    private static string Print(IEnumerable<Finding> findings) =>
        string.Concat(findings.Select(finding => $"\n{finding}"));
}
