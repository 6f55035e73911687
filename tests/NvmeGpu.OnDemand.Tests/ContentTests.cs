using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>What is generated for a list: what it names with all that it needs, and no more.</summary>
public sealed class ContentTests(ITestOutputHelper output)
{
    private const string FiveFunctions = """
        cuInit
        cuDeviceGet
        cuCtxCreate
        cuMemAlloc
        cuMemcpyHtoDAsync
        """;

    // What both modes bring, and a project that only has the generator has not.
    private static string[] Attributes => Committed.Sources("Native", "Contracts");

    [Fact]
    public void Five_CUDA_functions_are_a_few_hundred_lines_with_all_that_they_need()
    {
        Run run = Run.Of(FiveFunctions, Attributes).SaysNothing().Compiles();

        string text = Assert.Single(run.Files).Value;
        int lines = text.Count(character => character == '\n');
        output.WriteLine($"5 CUDA functions: {lines} lines");
        Assert.InRange(lines, 100, 600);
        // The alias and its target, the handle and the result type.
        Assert.Equal(
            ["CUctx_st", "CUresult", "CUstream_st", "CudaFunctions"], TypeNames(run));
        Assert.Equal(
            [
                "LibraryPath", "cuCtxCreate", "cuCtxCreate_v2", "cuDeviceGet", "cuInit", "cuMemAlloc",
                "cuMemAlloc_v2",
                "cuMemcpyHtoDAsync", "cuMemcpyHtoDAsync_v2", "cuMemcpyHtoDAsync_v2_pointer",
            ],
            MemberNames(run, "CudaFunctions"));
    }

    [Fact]
    public void Without_the_modes_the_attributes_are_brought_too()
    {
        Run run = Run.Of(FiveFunctions).SaysNothing().Compiles();

        Assert.Equal(
            [
                "NvmeGpu.Contracts.Accessibility.Internal.g.cs", "NvmeGpu.Contracts.ContractAttributes.g.cs",
                "NvmeGpu.Cuda.g.cs", "NvmeGpu.EmbeddedAttribute.g.cs",
                "NvmeGpu.Native.Accessibility.Internal.g.cs",
                "NvmeGpu.Native.NativeExpressionAttribute.g.cs",
                "NvmeGpu.Native.NativeTypeNameAttribute.g.cs",
            ],
            run.Files.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Attributes_that_nothing_mentions_are_not_brought()
    {
        // An enum has none, a constant only that of its expression.
        Assert.Equal(
            ["NvmeGpu.Cuda.g.cs", "NvmeGpu.EmbeddedAttribute.g.cs"],
            Run.Of("CUresult").SaysNothing().Compiles().Files.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(
            Run.Of("CUDA_ARRAY3D_LAYERED").SaysNothing().Compiles().Files.Keys,
            file => file.StartsWith("NvmeGpu.Contracts.", StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_list_adds_nothing()
    {
        Assert.Empty(Run.Of("").SaysNothing().Files);
        Assert.Empty(Run.Of("// cuInit\n\n   \t\n").SaysNothing().Files);
        Assert.Empty(Run.Of(Run.Compile("Consumer", []), []).SaysNothing().Files);
    }

    [Fact]
    public void Everything_is_internal_and_hidden_from_friends()
    {
        Run run = Run.Of("*").SaysNothing().Compiles();

        INamedTypeSymbol[] types = Types(run);
        Assert.True(types.Length > 200, $"only {types.Length} types");
        Assert.All(types, type => Assert.Equal(Accessibility.Internal, type.DeclaredAccessibility));
        Assert.All(types, type =>
            Assert.Contains(type.GetAttributes(), a => a.AttributeClass!.Name == "EmbeddedAttribute"));
    }

    [Theory]
    [InlineData("CUDA_ERROR_ASSERT", "CUresult")] // an enumerator brings its enum
    [InlineData("struct CUDA_ARRAY_DESCRIPTOR_st", "CUDA_ARRAY_DESCRIPTOR CUarray_format")]
    [InlineData("struct   CUDA_ARRAY_DESCRIPTOR_st // blanks", "CUDA_ARRAY_DESCRIPTOR CUarray_format")]
    [InlineData("CUDA_ARRAY_DESCRIPTOR_st", "CUDA_ARRAY_DESCRIPTOR CUarray_format")]
    [InlineData("struct io_uring_clone_buffers", "io_uring_clone_buffers")]
    [InlineData("io_uring_clone_buffers",
        "LiburingFunctions io_uring io_uring_clone_buffers io_uring_cq io_uring_cqe io_uring_sq "
        + "io_uring_sqe")]
    [InlineData("Cuda.CUctx_st", "CUctx_st")]
    [InlineData("NVME_URING_CMD_IO", "NvmeIoctl")]
    [InlineData("NvmeIoctl.nvme_uring_c??", "nvme_uring_cmd")]
    [InlineData("Cuda.CUarr*_st\n-CUarray_st", "")]
    [InlineData("CU*tx_st", "CUctx_st CUgreenCtx_st")]
    public void A_line_is_a_name_in_CSharp_or_in_C_or_a_pattern(string list, string types)
    {
        Run run = Run.Of(list, Attributes).Compiles();
        Assert.Equal(types.Split(' ', StringSplitOptions.RemoveEmptyEntries), TypeNames(run));
    }

    [Fact]
    public void Excludes_take_away_what_is_listed_wherever_they_stand_but_not_what_is_needed()
    {
        Run run = Run.Of(
            "-cuMemcpyHtoD*\n-CUresult\ncuMemcpyHtoD*\ncuMemcpyD*\nCUresult\n-cuMemcpyDtoA", Attributes);

        run.SaysNothing().Compiles();
        string[] members = MemberNames(run, "CudaFunctions");
        Assert.Contains("cuMemcpyDtoH_v2", members);
        Assert.Contains("cuMemcpyDtoA_v2", members);
        Assert.DoesNotContain("cuMemcpyDtoA", members);
        Assert.DoesNotContain(members, name => name.StartsWith("cuMemcpyHtoD", StringComparison.Ordinal));
        Assert.Contains("CUresult", TypeNames(run)); // the result of the others
    }

    [Fact]
    public void Several_lists_are_one()
    {
        Run run = Run.Of(
            Run.Compile("Consumer", Attributes),
            [TextFile.List("cuInit"), TextFile.List("cuMem*\n-cuMemAlloc*", "/app/gpu"),
                TextFile.List("-cuMemFree*", "/b")]);

        run.SaysNothing().Compiles();
        string[] members = MemberNames(run, "CudaFunctions");
        Assert.Contains("cuInit", members);
        Assert.Contains("cuMemGetInfo_v2", members);
        Assert.DoesNotContain("cuMemAlloc_v2", members);
        Assert.DoesNotContain("cuMemFree_v2", members);
    }

    [Fact]
    public void A_list_that_is_given_twice_is_read_once()
    {
        var list = TextFile.List("cuInit");
        Run.Of(Run.Compile("Consumer", Attributes), [list, TextFile.List("cuInit")]).SaysNothing();
    }

    [Fact]
    public void The_texts_are_those_of_the_bindings()
    {
        Run run = Run.Of("cuMemFree_v2\nCUmemorytype\nCUDA_MEMCPY2D\nCU_STREAM_LEGACY", Attributes)
            .SaysNothing();

        string text = Assert.Single(run.Files).Value;
        string[] bindings = [.. Committed.Sources("Cuda")];
        foreach (string line in text.Split('\n').Where(line => line.StartsWith(' ')))
        {
            Assert.Contains(bindings, source =>
                source.Contains("\n" + line + "\n", StringComparison.Ordinal));
        }
        Assert.Contains("// cuda.h (nvidia-cuda-dev ", text);
    }

    internal static INamedTypeSymbol[] Types(Run run) =>
    [
        .. run.Compilation.SourceModule.GlobalNamespace.GetMembers("NvmeGpu").OfType<INamespaceSymbol>()
            .SelectMany(ours => ours.GetMembers("Bindings").OfType<INamespaceSymbol>())
            .SelectMany(bindings => bindings.GetTypeMembers())
            .Where(type => !type.Name.StartsWith("Native", StringComparison.Ordinal)),
    ];

    internal static string[] TypeNames(Run run) =>
        [.. Types(run).Select(type => type.Name).Order(StringComparer.Ordinal)];

    internal static string[] MemberNames(Run run, string type) =>
    [
        .. Types(run).Single(candidate => candidate.Name == type).GetMembers()
            .Where(member => !member.IsImplicitlyDeclared
                && member is IFieldSymbol or IPropertySymbol
                    or IMethodSymbol { MethodKind: MethodKind.Ordinary })
            .Select(member => member.Name)
            .Order(StringComparer.Ordinal),
    ];
}
