using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>
/// What the compilation or a reference has is not generated: per type, and per member of the classes.
/// </summary>
public sealed class PresenceTests
{
    private static readonly string[] s_sourceMode =
        Committed.Sources("Native", "Contracts", "Liburing", "NvmeIoctl");

    [Fact]
    public void In_source_mode_nothing_is_added_of_what_it_compiles()
    {
        Run run = Run.Of("Liburing.*\nNvmeIoctl.*", s_sourceMode).SaysNothing();
        Assert.Empty(run.Files);
    }

    [Fact]
    public void In_source_mode_with_the_cuda_part_nothing_is_added_at_all()
    {
        Run run = Run.Of("*", [.. s_sourceMode, .. Committed.Sources("Cuda")]).SaysNothing();
        Assert.Empty(run.Files);
    }

    [Fact]
    public void In_source_mode_other_libraries_are_added()
    {
        Run run = Run.Of("*", s_sourceMode).SaysNothing().Compiles();
        Assert.Equal(["NvmeGpu.Cuda.g.cs"], run.Files.Keys);
    }

    [Fact]
    public void In_project_mode_nothing_is_added_of_what_is_public_in_a_reference()
    {
        MetadataReference bindings = PublicBindings("Native", "Contracts", "Liburing", "NvmeIoctl", "Cuda");

        Assert.Empty(Run.Of(Run.Compile("Consumer", [], bindings), [TextFile.List("*")]).SaysNothing().Files);
    }

    [Fact]
    public void Public_types_of_a_reference_are_used_by_what_is_added()
    {
        // A reference with the types of CUDA and without its functions and constants.
        MetadataReference types = Run.Emit(Run.Compile(
            "Types",
            [
                .. Committed.PublicSources("Native", "Contracts"),
                .. Committed.PublicSources("Cuda").Where(text =>
                    !text.Contains("static partial class Cuda\n{", StringComparison.Ordinal)
                    && !text.Contains("partial class CudaFunctions(", StringComparison.Ordinal))
                    .Select(text => text
                        .Replace("public sealed partial class CudaFunctions;", "", StringComparison.Ordinal)
                        .Replace("public static partial class Cuda;", "", StringComparison.Ordinal)),
            ]));

        Run run = Run.Of(Run.Compile("Consumer", [], types), [TextFile.List("Cuda.*")]).SaysNothing()
            .Compiles();

        Assert.Equal(["Cuda", "CudaFunctions"], ContentTests.TypeNames(run));
        Assert.Equal(["NvmeGpu.Cuda.g.cs", "NvmeGpu.EmbeddedAttribute.g.cs"],
            run.Files.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_reference_that_is_only_known_by_an_alias_does_not_count()
    {
        MetadataReference bindings = Run.Emit(
            Run.Compile("Bindings", Committed.PublicSources("Native", "Contracts", "Cuda")), "hidden");

        Run run = Run.Of(Run.Compile("Consumer", [], bindings), [TextFile.List("cuInit")]).SaysNothing()
            .Compiles();

        Assert.Contains("CUresult", ContentTests.TypeNames(run));
    }

    [Fact]
    public void Internal_types_of_a_reference_do_not_count()
    {
        MetadataReference other =
            Run.Emit(Run.Compile("Other", ["namespace NvmeGpu.Bindings; enum CUresult { }"]));

        Assert.Contains(
            "CUresult",
            ContentTests.TypeNames(Run.Of(Run.Compile("Consumer", [], other), [TextFile.List("cuInit")])));
    }

    [Fact]
    public void Internal_types_of_a_friend_count_unless_they_are_hidden()
    {
        const string Friend = "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Consumer\")]\n"
            + "namespace NvmeGpu.Bindings { enum CUresult { } }";
        MetadataReference other = Run.Emit(Run.Compile("Other", [Friend]));

        Run run = Run.Of(Run.Compile("Consumer", [], other), [TextFile.List("cuInit")]).SaysNothing()
            .Compiles();

        Assert.Equal(["CudaFunctions"], ContentTests.TypeNames(run));
    }

    [Fact]
    public void Two_assemblies_with_overlapping_lists_do_not_see_each_others_even_as_friends()
    {
        const string Friend = "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"B\")]";
        const string Use = """
            using NvmeGpu.Bindings;
            FRIEND
            public static class NAME
            {
                public static int Run()
                {
                    var functions = new CudaFunctions(_ => 0);
                    unsafe
                    {
                        CUctx_st* context = null;
                        return functions.cuInit == null && context == null && CUresult.CUDA_SUCCESS == 0
                            ? Cuda.CU_IPC_HANDLE_SIZE : 0;
                    }
                }
            }
            """;
        const string List = "cuInit\ncuCtxCreate\nCU_IPC_HANDLE_SIZE\n";
        string inA = Use
            .Replace("NAME", "InA", StringComparison.Ordinal)
                .Replace("FRIEND", Friend, StringComparison.Ordinal);
        string inB = Use
            .Replace("NAME", "InB", StringComparison.Ordinal).Replace("FRIEND", "", StringComparison.Ordinal);
        Run a = Run.Of(Run.Compile("A", [inA]), [TextFile.List(List + "cuMem*")]);
        a.SaysNothing().Compiles();

        Run b = Run.Of(
            Run.Compile("B", [inB], Run.Emit(a.Compilation)),
            [TextFile.List(List + "cuStream*")]);

        b.SaysNothing().Compiles();
        Assert.Contains("CUresult", ContentTests.TypeNames(b));
        Run.Emit(b.Compilation);
    }

    [Fact]
    public void A_class_that_the_compilation_has_gets_the_members_that_it_lacks()
    {
        // As an older copy of the sources would be: both classes, without some members.
        string[] sources = Committed.Sources("Native", "Contracts", "Cuda");
        string older = string.Join('\n', sources.Single(text =>
            text.Contains("static partial class Cuda\n{", StringComparison.Ordinal)).Split('\n')
            .Where(line => !line.Contains(" CU_IPC_HANDLE_SIZE ", StringComparison.Ordinal)));
        Run run = Run.Of("CU_IPC_HANDLE_SIZE\nCUDA_ARRAY3D_LAYERED", [
            older, .. sources.Where(text =>
                !text.Contains("static partial class Cuda\n{", StringComparison.Ordinal))]);

        run.SaysNothing();
        Assert.Contains("CU_IPC_HANDLE_SIZE = 64", run.AllText);
        Assert.DoesNotContain("CUDA_ARRAY3D_LAYERED", run.AllText);
        Assert.DoesNotContain("Embedded", run.AllText);
    }

    [Fact]
    public void A_function_table_that_the_compilation_has_gets_the_functions_that_it_lacks()
    {
        const string Older = """
            namespace NvmeGpu.Bindings;
            [Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaFunctions;
            sealed partial class CudaFunctions(System.Func<string, nint> find)
            {
                public readonly unsafe delegate* unmanaged<uint, CUresult> cuInit =
                    (delegate* unmanaged<uint, CUresult>)find("cuInit");
            }
            """;
        Run run = Run.Of("cuInit\ncuDeviceGet", [Older, .. Committed.Sources("Native", "Contracts")]);

        run.SaysNothing().Compiles();
        Assert.Equal(["cuDeviceGet", "cuInit"], ContentTests.MemberNames(run, "CudaFunctions"));
    }

    [Fact]
    public void The_project_may_add_to_generated_types_in_parts_of_its_own()
    {
        const string Parts = """
            namespace NvmeGpu.Bindings;
            sealed partial class CudaFunctions { public bool IsThere => Cuda.HandleBytes == 64; }
            static partial class Cuda { public const int HandleBytes = CU_IPC_HANDLE_SIZE; }
            partial struct CUipcEventHandle { public static unsafe int SizeBytes => sizeof(CUipcEventHandle); }
            """;
        Run run = Run.Of("cuInit\nCU_IPC_HANDLE_SIZE\nCUipcEventHandle", Parts).SaysNothing().Compiles();

        Assert.Contains("cuInit", ContentTests.MemberNames(run, "CudaFunctions"));
        Assert.All(ContentTests.Types(run), type =>
            Assert.Equal(Accessibility.Internal, type.DeclaredAccessibility));
        Assert.All(
            ContentTests.Types(run),
            type => Assert.Single(type.GetAttributes(), a => a.AttributeClass!.Name == "EmbeddedAttribute"));
    }

    [Fact]
    public void A_type_of_the_projects_own_takes_the_place_of_ours()
    {
        Run run = Run.Of(
            "cuInit\nCUDA_ARRAY_DESCRIPTOR",
            "namespace NvmeGpu.Bindings; enum CUresult { } public partial struct CUDA_ARRAY_DESCRIPTOR { }");

        run.SaysNothing().Compiles();
        Assert.DoesNotContain("CUDA_SUCCESS", run.AllText);
        Assert.DoesNotContain("CUDA_ARRAY_DESCRIPTOR", run.AllText);
        // Nothing that is there needs it.
        Assert.DoesNotContain("CUarray_format", run.AllText);
    }

    [Fact]
    public void Another_generators_hiding_attribute_is_used()
    {
        Run run = Run.Of("CUresult", """
            namespace Microsoft.CodeAnalysis
            {
                internal sealed partial class EmbeddedAttribute : global::System.Attribute { }
            }
            """).SaysNothing().Compiles();

        Assert.Equal(["NvmeGpu.Cuda.g.cs"], run.Files.Keys);
    }

    [Fact]
    public void A_class_of_a_reference_that_lacks_the_name_is_NVG0107_on_its_line()
    {
        MetadataReference older = Run.Emit(Run.Compile(
            "Older", [
                "namespace NvmeGpu.Bindings; public sealed class CudaFunctions { public int cuInit; }"]));
        Run run = Run.Of(
            Run.Compile("Consumer", Committed.Sources("Native", "Contracts"), older),
            [TextFile.List("cuInit\n  cuDeviceGet\nCUmemorytype\ncuStreamQ*")]);

        Assert.Equal(
            [
                "NVG0107 NativeMethods.txt(2,2)-(2,13): 'cuDeviceGet' belongs into the class "
                + "'CudaFunctions', but the "
                    + "referenced assembly 'Older' has that class, without 'cuDeviceGet', and a second one "
                    + "would hide it: "
                    + "build that assembly anew with it, or list the name in its project",
                "NVG0107 NativeMethods.txt(4,0)-(4,10): 'cuStreamQuery' belongs into the class "
                + "'CudaFunctions', but the "
                    + "referenced assembly 'Older' has that class, without 'cuStreamQuery', and a second one "
                    + "would hide it: "
                    + "build that assembly anew with it, or list the name in its project",
            ],
            run.Findings);
        // The other lines are not held up, and nothing is left over of the refused ones.
        Assert.Equal(["CUmemorytype"], ContentTests.TypeNames(run));
        run.Compiles();
    }

    private static MetadataReference PublicBindings(params string[] folders) =>
        Run.Emit(Run.Compile("NvmeGpu.Bindings", Committed.PublicSources(folders)));
}
