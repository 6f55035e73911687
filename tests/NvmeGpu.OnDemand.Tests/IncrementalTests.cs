using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NvmeGpu.BindingsOnDemand;
using Xunit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>What is run again, and what is read again, when something changes.</summary>
public sealed class IncrementalTests
{
    private const string List = "cuInit\ncuMemAlloc\nCU_IPC_HANDLE_SIZE\ncuMemcpyHtoD*\nunknown_name";

    [Fact]
    public void An_edit_elsewhere_runs_nothing_again_and_reads_nothing()
    {
        TextFile[] files = Fresh(List);
        CSharpCompilation before = Project("class Unrelated { void Run() { } }");
        GeneratorDriver driver = Run.Driver(files).RunGenerators(before);
        int[] reads = [.. files.Select(file => file.Reads)];

        CSharpCompilation after = before.ReplaceSyntaxTree(
            before.SyntaxTrees.First(),
            Tree("class Unrelated { void Run() { int x = 1; } class Nested { } }"));
        GeneratorRunResult result = driver.RunGenerators(after).GetRunResult().Results[0];

        AssertAllCached(result);
        Assert.Equal(reads, files.Select(file => file.Reads));
        // The facts were looked up in the new compilation and came out the same: that is the one step that
        // ran.
        Assert.Equal(
            IncrementalStepRunReason.Unchanged,
            Assert.Single(result.TrackedSteps[OnDemandGenerator.FactsStep]).Outputs[0].Reason);
        foreach (string step in new[]
            { OnDemandGenerator.ListStep, OnDemandGenerator.IndexStep, OnDemandGenerator.ResolutionStep })
        {
            Assert.Equal(
                IncrementalStepRunReason.Cached, Assert.Single(result.TrackedSteps[step]).Outputs[0].Reason);
        }
    }

    [Fact]
    public void A_new_file_and_a_new_reference_run_nothing_again()
    {
        TextFile[] files = Fresh(List);
        CSharpCompilation before = Project("class Unrelated;");
        GeneratorDriver driver = Run.Driver(files).RunGenerators(before);

        CSharpCompilation after = before
            .AddSyntaxTrees(Tree("namespace NvmeGpu.Bindings { class NotListed; }"))
            .AddReferences(Run.Emit(Run.Compile("Other", ["public class Other;"])));

        AssertAllCached(driver.RunGenerators(after).GetRunResult().Results[0]);
    }

    [Fact]
    public void A_definition_of_a_listed_type_writes_the_sources_anew_without_reading_the_index()
    {
        TextFile[] files = Fresh(List);
        CSharpCompilation before = Project("class Unrelated;");
        GeneratorDriver driver = Run.Driver(files).RunGenerators(before);
        TextFile[] indexes =
            [.. files.Where(file => file.Path.EndsWith("index.txt", StringComparison.Ordinal))];
        int[] reads = [.. indexes.Select(file => file.Reads)];

        CSharpCompilation after =
            before.AddSyntaxTrees(Tree("namespace NvmeGpu.Bindings { enum CUresult { } }"));
        GeneratorDriverRunResult result = driver.RunGenerators(after).GetRunResult();

        Assert.DoesNotContain(
            "enum CUresult", string.Concat(result.GeneratedTrees.Select(tree => tree.ToString())));
        Assert.Equal(
            IncrementalStepRunReason.Modified,
            Assert.Single(result.Results[0].TrackedSteps[OnDemandGenerator.FactsStep]).Outputs[0].Reason);
        Assert.Equal(reads, indexes.Select(file => file.Reads));
    }

    [Fact]
    public void A_change_of_the_list_does_not_read_the_index_again()
    {
        TextFile[] files = Fresh(List);
        TextFile[] indexes =
            [.. files.Where(file => file.Path.EndsWith("index.txt", StringComparison.Ordinal))];
        CSharpCompilation project = Project("class Unrelated;");
        GeneratorDriver driver = Run.Driver(files).RunGenerators(project);
        Assert.All(indexes, file => Assert.Equal(1, file.Reads));

        driver = driver.ReplaceAdditionalText(files[0], TextFile.List(List + "\ncuDeviceGet"))
            .RunGenerators(project);

        Assert.Contains(
            "cuDeviceGet",
            string.Concat(driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString())));
        Assert.All(indexes, file => Assert.Equal(1, file.Reads));
        Assert.Equal(
            IncrementalStepRunReason.Cached,
            Assert.Single(driver.GetRunResult().Results[0].TrackedSteps[OnDemandGenerator.IndexStep])
                .Outputs[0].Reason);
    }

    [Fact]
    public void A_comment_in_the_list_that_moves_no_name_writes_nothing_anew()
    {
        TextFile[] files = Fresh(List);
        CSharpCompilation project = Project("class Unrelated;");
        GeneratorDriver driver = Run.Driver(files).RunGenerators(project);

        driver = driver.ReplaceAdditionalText(files[0], TextFile.List(List + " // no such thing"))
            .RunGenerators(project);

        AssertAllCached(driver.GetRunResult().Results[0]);
    }

    [Fact]
    public void New_bindings_are_read()
    {
        TextFile[] files = Fresh("CU_IPC_HANDLE_SIZE");
        CSharpCompilation project = Project("class Unrelated;");
        GeneratorDriver driver = Run.Driver(files).RunGenerators(project);
        TextFile constants = files.Single(file =>
            file.Path.EndsWith("Constants.g.cs", StringComparison.Ordinal) && file.Library == "Cuda");
        string text = constants.GetText()!.ToString();

        driver = driver.ReplaceAdditionalText(constants, new TextFile(
            constants.Path, text.Replace(
                "CU_IPC_HANDLE_SIZE = 64;", "CU_IPC_HANDLE_SIZE = 65;", StringComparison.Ordinal), "Cuda"))
            .RunGenerators(project);

        Assert.Contains(
            "= 65;", string.Concat(driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString())));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("// nothing yet\n")]
    public void As_long_as_nothing_is_listed_no_file_is_read_and_no_name_is_looked_up(string? list)
    {
        TextFile[] files = Fresh(list ?? "");
        driverRun(list is null ? files[1..] : files);

        Assert.All(files[1..], file => Assert.Equal(0, file.Reads));

        static void driverRun(TextFile[] given)
        {
            GeneratorRunResult result = Run.Driver(given).RunGenerators(Project("class C;"))
                .GetRunResult().Results[0];
            Assert.Empty(result.GeneratedSources);
            Assert.Empty(result.Diagnostics);
        }
    }

    [Fact]
    public void Only_the_files_that_are_cut_from_are_read()
    {
        TextFile[] files = Fresh("CUresult");
        Run.Driver(files).RunGenerators(Project("class C;"));

        string[] read =
        [
            .. files.Where(file => file.Reads > 0 && file.Library is not (null or "Support"))
                .Select(file => $"{file.Library}/{System.IO.Path.GetFileName(file.Path)}"),
        ];
        Assert.Equal(
            ["Cuda/Enums.g.cs", "Cuda/index.txt", "Liburing/index.txt", "NvmeIoctl/index.txt"],
            read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_input_gives_the_same_text_whatever_the_order_of_the_files()
    {
        TextFile[] files = Fresh("*\n-cuFoo");
        string[] Texts(IEnumerable<TextFile> given) =>
            [.. Run.Driver(given).RunGenerators(Project("class C;")).GetRunResult().GeneratedTrees
                .OrderBy(tree => tree.FilePath, StringComparer.Ordinal).Select(tree => tree.ToString())];

        Assert.Equal(Texts(files), Texts(files.Reverse()));
    }

    private static void AssertAllCached(GeneratorRunResult result)
    {
        Assert.NotEmpty(result.TrackedOutputSteps);
        Assert.All(
            result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    // Instances of their own, so that their reads are counted from 0; the list comes first.
    private static TextFile[] Fresh(string list) =>
    [
        TextFile.List(list),
        .. Committed.Metadata.Select(file =>
            new TextFile(file.Path, file.GetText()!.ToString(), file.Library)),
    ];

    private static CSharpCompilation Project(string source) =>
        Run.Compile("Consumer", [source, .. Committed.Sources("Native")]);

    private static SyntaxTree Tree(string text) =>
        CSharpSyntaxTree.ParseText(text, Run.Language, "/app/Edited.cs");
}
