using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>What is said about a list, and where it points.</summary>
public sealed class FindingTests
{
    [Theory]
    [InlineData("cuMemAlocHost",
        "(1,0)-(1,13): The bindings have no 'cuMemAlocHost'; did you mean 'cuMemAllocHost'?")]
    [InlineData("  cumemalloc  // case",
        "(1,2)-(1,12): The bindings have no 'cumemalloc'; did you mean 'cuMemAlloc'?")]
    [InlineData("\n\tcuMmeFree", "(2,1)-(2,10): The bindings have no 'cuMmeFree'; did you mean 'cuMemFree'?")]
    [InlineData(
        "cuMmeGetInof", "(1,0)-(1,12): The bindings have no 'cuMmeGetInof'; did you mean 'cuMemGetInfo'?")]
    [InlineData("struct CUctx_ts", "(1,0)-(1,15): The bindings have no 'struct CUctx_ts'")]
    [InlineData("zlibVersion", "(1,0)-(1,11): The bindings have no 'zlibVersion'")]
    [InlineData("Cuda.cuInt", "(1,0)-(1,10): The bindings have no 'Cuda.cuInt'; did you mean 'Cuda.cuInit'?")]
    [InlineData("Liburing.cuInit",
        "(1,0)-(1,15): The bindings have no 'Liburing.cuInit'; did you mean 'Cuda.cuInit'?")]
    [InlineData(
        "Nvml.cuInit", "(1,0)-(1,11): The bindings have no 'Nvml.cuInit'; did you mean 'Cuda.cuInit'?")]
    [InlineData("cuInit cuDeviceGet", "(1,0)-(1,18): The bindings have no 'cuInit cuDeviceGet'")]
    [InlineData("cuInit;", "(1,0)-(1,7): The bindings have no 'cuInit;'; did you mean 'cuInit'?")]
    [InlineData(".", "(1,0)-(1,1): The bindings have no '.'")]
    [InlineData("IORING_OP_REED",
        "(1,0)-(1,14): The bindings have no 'IORING_OP_REED'; did you mean 'IORING_OP_READ'?")]
    public void An_unknown_name_is_NVG0101_with_what_was_meant(string list, string finding) =>
        Assert.Equal(["NVG0101 NativeMethods.txt" + finding], Run.Of(list).Findings);

    [Fact]
    public void A_name_of_two_libraries_is_NVG0102_until_the_library_is_named()
    {
        TextFile[] two =
        [
            .. Committed.Metadata,
            new("/other/Types.g.cs",
                "#nullable enable\n\nnamespace NvmeGpu.Bindings;\n\npartial struct CUctx_st\n{\n}\n",
                "Other"),
            new("/other/index.txt", "CUctx_st\topaque\tTypes.g.cs\t47\t28\t\t\n", "Other"),
        ];

        Assert.Equal(
            ["NVG0102 NativeMethods.txt(2,0)-(2,8): 'CUctx_st' is a name of more than one library: write one "
            + "of "
                + "'Cuda.CUctx_st', 'Other.CUctx_st'"],
            Run.Of(Run.Compile("Consumer", []), [TextFile.List("// both\nCUctx_st")], two).Findings);
        Run named = Run.Of(Run.Compile("Consumer", []), [TextFile.List("Other.CUctx_st")], two).SaysNothing()
            .Compiles();
        Assert.Contains("NvmeGpu.Other.g.cs", named.Files.Keys);
        Assert.DoesNotContain("NvmeGpu.Cuda.g.cs", named.Files.Keys);
    }

    [Theory]
    [InlineData("cuFoo*", "(1,0)-(1,6): No name in the bindings matches 'cuFoo*'")]
    [InlineData("cuInit\n Liburing.cu*", "(2,1)-(2,13): No name in the bindings matches 'Liburing.cu*'")]
    [InlineData("CUINIT?*", "(1,0)-(1,8): No name in the bindings matches 'CUINIT?*'")]
    public void A_pattern_that_matches_nothing_is_NVG0103(string list, string finding) => Assert.Equal(
        [$"NVG0103 NativeMethods.txt{finding}, so the line adds nothing: correct it or remove it"],
        Run.Of(list).Findings);

    [Theory]
    [InlineData("cuInit\n-cuMemAlloc",
        "(2,0)-(2,11): '-cuMemAlloc' takes nothing away, because no other line lists such a name")]
    [InlineData("cuInit\n - cuIint // why",
        "(2,1)-(2,9): '-cuIint' takes nothing away, because no other line lists such a name; did you mean "
        + "'cuInit'?")]
    [InlineData("-CUarr*\ncuInit",
        "(1,0)-(1,7): '-CUarr*' takes nothing away, because no other line lists such a name")]
    [InlineData("cuInit\n-Liburing.cuInit",
        "(2,0)-(2,16): '-Liburing.cuInit' takes nothing away, because no other line lists such a name; did "
        + "you mean 'Cuda.cuInit'?")]
    public void An_exclude_without_effect_is_NVG0104(string list, string finding) =>
        Assert.Equal(["NVG0104 NativeMethods.txt" + finding], Run.Of(list).Findings);

    [Fact]
    public void Excludes_that_overlap_both_have_an_effect() =>
        Run.Of("cuMem*\n-cuMemAlloc*\n-cuMemAllocHost*").SaysNothing();

    [Fact]
    public void A_line_that_is_there_twice_is_NVG0105_also_in_another_list()
    {
        Run run = Run.Of(
            Run.Compile("Consumer", []),
            [TextFile.List("cuInit\nCUres*\n-CUresourcetype\n cuInit"),
                TextFile.List("CUres* // again\n- CUresourcetype", "/b")]);

        Assert.Equal(
            [
                "NVG0105 NativeMethods.txt(4,1)-(4,7): 'cuInit' is already listed in line 1 of "
                + "NativeMethods.txt: remove "
                    + "one of them",
                "NVG0105 NativeMethods.txt(1,0)-(1,6): 'CUres*' is already listed in line 2 of "
                + "NativeMethods.txt: remove "
                    + "one of them",
                "NVG0105 NativeMethods.txt(2,0)-(2,16): '-CUresourcetype' is already listed in line 3 of "
                + "NativeMethods.txt: "
                    + "remove one of them",
            ],
            run.Findings);
    }

    [Fact]
    public void What_is_wrong_with_a_line_that_is_there_twice_is_said_once() => Assert.Equal(
        ["NVG0105", "NVG0105", "NVG0101", "NVG0104"],
        Run.Of("zlibVersion\n-zlibOther\nzlibVersion\n-zlibOther").Findings.Select(finding => finding[..7]));

    [Fact]
    public void Carriage_returns_and_a_missing_last_line_end_change_no_column()
    {
        Run run = Run.Of("cuInit\r\n  cuInitt\r\n-x");
        Assert.Equal(
            [
                "NVG0101 NativeMethods.txt(2,2)-(2,9): The bindings have no 'cuInitt'; did you mean "
                    + "'cuInit'?",
                "NVG0104 NativeMethods.txt(3,0)-(3,2): '-x' takes nothing away, because no other line lists "
                + "such a name",
            ],
            run.Findings);
        Assert.Contains("cuInit", ContentTests.MemberNames(run, "CudaFunctions"));
    }

    [Fact]
    public void The_span_in_characters_is_that_of_the_line_as_well()
    {
        const string List = "// first\r\n\t- cuNone // why\r\n  cuInitt";
        Assert.Equal(
            ["cuInitt", "- cuNone"],
            Run.Of(List).Result.Diagnostics.Select(said =>
                List.Substring(said.Location.SourceSpan.Start, said.Location.SourceSpan.Length)));
    }

    [Theory]
    [InlineData("io_uring_prep_read_fixed", "(1,0)-(1,24)", "'io_uring_prep_read_fixed'", "")]
    [InlineData(
        "io_uring_submitt", "(1,0)-(1,16)", "'io_uring_submitt'", "; did you mean 'io_uring_submit'?")]
    [InlineData("__io_uring_buf_ring_cq_advance", "(1,0)-(1,30)", "'__io_uring_buf_ring_cq_advance'", "")]
    [InlineData("io_uring_prep_*", "(1,0)-(1,15)", "'io_uring_prep_*'", "")]
    public void A_name_that_may_be_an_inline_function_is_NVG0106_as_long_as_none_were_made(
        string list, string span, string name, string hint)
    {
        string finding = Assert.Single(Run.Of(list).Findings);
        Assert.StartsWith(
            $"NVG0106 NativeMethods.txt{span}: {name} is not among the committed bindings; ", finding);
        Assert.EndsWith("run ./build/regenerate in NvmeGpu's checkout, then build it" + hint, finding);
    }

    [Theory]
    [MemberData(nameof(BrokenIndexes))]
    public void A_line_of_an_index_that_is_not_understood_is_NVG0108_and_the_others_are_used(string line)
    {
        string good = "CUctx_st\topaque\tTypes.g.cs\t47\t28\t\t";
        TextFile[] files =
        [
            new("/x/Types.g.cs",
                "#nullable enable\n\nnamespace NvmeGpu.Bindings;\n\npartial struct CUctx_st\n{\n}\n", "Cuda"),
            new("/x/index.txt", $"# comment\n{line}\n{good}\n", "Cuda"),
        ];
        Run run = Run.Of(Run.Compile("Consumer", Committed.Sources("Native", "Contracts")),
            [TextFile.List("CUctx_st")], files);

        string finding = Assert.Single(run.Findings);
        Assert.StartsWith(
            $"NVG0108 index.txt(2,0)-(2,{line.Length}): The bindings cannot be read: line 2 of "
            + "'/x/index.txt' is not an entry",
            finding);
        Assert.Equal(["CUctx_st"], ContentTests.TypeNames(run));
    }

    public static IEnumerable<TheoryDataRow<string>> BrokenIndexes =>
    [
        "CUx_st", "CUx_st\topaque\tTypes.g.cs\t47\t28\t", "CUx_st\tclass\tTypes.g.cs\t47\t28\t\t",
        "\topaque\tTypes.g.cs\t47\t28\t\t", "CUx_st\topaque\tTypes.g.cs\t-1\t28\t\t",
        "CUx_st\topaque\tTypes.g.cs\t47\t\t\t",
        "CUx_st\topaque\tTypes.g.cs\t47\t0\t\t", "CUx_st\tmember\tTypes.g.cs\t47\t1\t\t",
        "CUx_st\topaque\t\t47\t28\t\t",
        "CUx_st\topaque\tTypes.g.cs\t99999999999\t28\t\t", "CUx_st\topaque\tTypes.g.cs\t47\t28\t\t\t",
    ];

    [Fact]
    public void Many_broken_lines_are_one_finding()
    {
        TextFile[] files = [.. Committed.Metadata, new("/x/index.txt", "a\nb\nc\n", "Cuda")];
        string finding = Assert.Single(
            Run.Of(Run.Compile("Consumer", []), [TextFile.List("cuInit")], files).Findings);
        Assert.EndsWith("(2 more lines like it)", finding);
    }

    [Theory]
    [InlineData("CUctx_st\topaque\tTypes.g.cs\t48\t27\t\t", "is not where")] // within a line
    [InlineData("CUctx_st\topaque\tTypes.g.cs\t47\t27\t\t", "is not where")]
    [InlineData("CUctx_st\topaque\tTypes.g.cs\t47\t99\t\t", "is not where")]
    [InlineData("CUctx_st\topaque\tTypes.g.cs\t2147483647\t2147483647\t\t", "")]
    [InlineData("CUdtx_st\topaque\tTypes.g.cs\t47\t28\t\t", "is not where")] // another's text
    [InlineData("CUctx_st\tconstant\tTypes.g.cs\t47\t28\t\t", "is not where")] // not in a class
    [InlineData("CUctx_st\topaque\tOther.g.cs\t47\t28\t\t", "is not beside the index")]
    [InlineData(
        "CUctx_st\topaque\tTypes.g.cs\t47\t28\tCUnothing\t", "needs 'CUnothing', which is in no index")]
    [InlineData("CUctx_st\topaque\tTypes.g.cs\t0\t16\t\t", "")]
    public void An_index_that_is_not_that_of_the_file_is_NVG0108_and_nothing_wrong_is_cut(
        string line, string message)
    {
        TextFile[] files =
        [
            new("/x/Types.g.cs",
                "#nullable enable\n\nnamespace NvmeGpu.Bindings;\n\npartial struct CUctx_st\n{\n}\n", "Cuda"),
            new("/x/index.txt", line + "\n", "Cuda"),
        ];
        Run run = Run.Of(
            Run.Compile("Consumer", Committed.Sources("Native", "Contracts")), [TextFile.List("CU*")], files);

        string finding = Assert.Single(run.Findings);
        Assert.StartsWith("NVG0108 index.txt(1,0)-", finding);
        Assert.Contains(message, finding);
        Assert.Empty(ContentTests.TypeNames(run));
        run.Compiles();
    }

    [Fact]
    public void Bindings_with_other_line_ends_are_NVG0108()
    {
        TextFile[] files =
        [
            .. Committed.Metadata.Select(file => file.Path.EndsWith(".g.cs", StringComparison.Ordinal)
                ? new TextFile(file.Path, file.GetText()!.ToString().ReplaceLineEndings("\r\n"), file.Library)
                : file),
        ];
        Run run = Run.Of(Run.Compile("Consumer", []), [TextFile.List("CUresult")], files);

        Assert.StartsWith("NVG0108 index.txt", Assert.Single(run.Findings));
        Assert.Contains("line ends", run.Findings[0]);
    }

    [Fact]
    public void A_list_without_any_bindings_is_one_NVG0108()
    {
        string finding = Assert.Single(
            Run.Of(Run.Compile("Consumer", []), [TextFile.List("cuInit\ncuFoo\ncu*")], []).Findings);
        Assert.StartsWith("NVG0108: The bindings cannot be read: none reached the generator", finding);
    }

    [Fact]
    public void Files_that_cannot_be_opened_are_NVG0108()
    {
        TextFile[] files = [new("/x/index.txt", null, "Cuda"), new("/x/Types.g.cs", null, "Cuda")];
        Assert.Equal(
            ["NVG0108: The bindings cannot be read: '/x/index.txt' cannot be opened; restore it from the "
            + "repository"],
            Run.Of(Run.Compile("Consumer", []), [TextFile.List("cuInit")], files).Findings);

        // A list that is not there is the compiler's business (CS2001).
        Run.Of(Run.Compile("Consumer", []), [new TextFile("/app/NativeMethods.txt", null, null)])
            .SaysNothing();
    }

    [Fact]
    public void Bindings_without_the_attributes_that_they_carry_are_NVG0108()
    {
        Run run = Run.Of(
            Run.Compile("Consumer", []),
            [TextFile.List("cuInit")],
            [.. Committed.Metadata.Where(file => file.Library != "Support")]);
        Assert.Contains("bindings/Native and bindings/Contracts", Assert.Single(run.Findings));
    }
}
