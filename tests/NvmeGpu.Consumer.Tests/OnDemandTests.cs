using System;
using System.IO;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>
/// NativeMethods.txt in projects as users have them: both modes, the package, two assemblies, and a mistake.
/// </summary>
[Collection(Consumer.OneByOne)]
public sealed class OnDemandTests(PackedPackage package)
{
    private const string List = """
        // What the program below uses, and a pattern with an exclude.
        cuInit
        cuMemcpyHtoDAsync
        cuStream*
        -cuStream*Capture*
        struct CUipcEventHandle_st
        CU_IPC_HANDLE_SIZE
        io_uring_sqe
        """;

    // Calls a function through the table when it is there, which it is not: no driver is loaded.
    private const string Program = """
        using System;
        using System.Linq;
        using System.Reflection;
        using NvmeGpu.Bindings;

        namespace App;

        internal static class Program
        {
            private static unsafe void Main()
            {
                int asked = 0;
                var functions = new CudaFunctions(_ => { asked++; return 0; });
                CUresult result = functions.cuInit == null ? CUresult.CUDA_ERROR_NOT_INITIALIZED : functions.cuInit(0);
                Console.WriteLine($"{sizeof(CUipcEventHandle)} {sizeof(io_uring_sqe)} {Cuda.CU_IPC_HANDLE_SIZE} {result}");
                Console.WriteLine($"some asked: {asked > 10}, public: {typeof(CUresult).IsPublic}");
                string[] names = typeof(CudaFunctions).GetFields().Select(field => field.Name).ToArray();
                Console.WriteLine($"captures: {names.Count(name => name.Contains("Capture", StringComparison.Ordinal))}");
                Console.WriteLine($"{typeof(CUresult).Assembly.GetName().Name}");
            }
        }
        """;

    // liburing's own way of a read, and three functions that only have to be there.
    private const string InlineList = """
        io_uring_get_sqe
        io_uring_prep_read_fixed
        io_uring_sqe_set_data64
        io_uring_wait_cqe
        io_uring_cqe_get_data64
        io_uring_cqe_seen
        io_uring_prep_splice
        io_uring_prep_cmd_*
        """;

    // By C names only. A kernel that refuses rings is said in a word: what is compiled is the same.
    private const string InlineProgram = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;
        using NvmeGpu.Bindings;
        using static NvmeGpu.Bindings.Liburing;

        namespace App;

        internal static class Program
        {
            private static unsafe int Main()
            {
                File.WriteAllText("data", "read by C names");
                using FileStream file = File.OpenRead("data");
                int fd = (int)file.SafeFileHandle.DangerousGetHandle();
                byte* memory = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                io_uring ring;
                int error = io_uring_queue_init(8, &ring, 0);
                if (error < 0)
                {
                    Console.WriteLine($"no rings: {error}");
                    return 0;
                }
                var piece = new iovec { iov_base = memory, iov_len = 4096 };
                Check(io_uring_register_buffers(&ring, &piece, 1), 0);
                io_uring_sqe* sqe = io_uring_get_sqe(&ring);
                io_uring_prep_read_fixed(sqe, fd, memory, 4096, 5, 0);
                io_uring_sqe_set_data64(sqe, 1234);
                Check(io_uring_submit(&ring), 1);
                io_uring_cqe* cqe;
                Check(io_uring_wait_cqe(&ring, &cqe), 0);
                Check(cqe->res, 10);
                Check((int)io_uring_cqe_get_data64(cqe), 1234);
                io_uring_cqe_seen(&ring, cqe);
                io_uring_queue_exit(&ring);
                Console.WriteLine(Marshal.PtrToStringUTF8((nint)memory, 10));
                NativeMemory.AlignedFree(memory);
                delegate*<io_uring_sqe*, int, long, int, long, uint, uint, void> splice = &io_uring_prep_splice;
                return splice == null ? 1 : 0;
            }

            private static void Check(int result, int expected)
            {
                if (result != expected)
                {
                    throw new InvalidOperationException($"{result} where {expected} was expected");
                }
            }
        }
        """;

    [Theory]
    [InlineData("source")]
    [InlineData("project")]
    [InlineData("package")]
    public async Task Inline_functions_of_liburing_read_a_file_by_C_names(string mode)
    {
        Requirement.That(
            File.Exists(
                Repository.PathOf("artifacts", "obj", "NvmeGpu.Bindings", "inline", "Liburing", "index.txt")),
            "liburing's inline functions have not been made: run native-headers/restore and build the "
            + "bindings");
        using var consumer = new Consumer();
        if (mode == "package")
        {
            await WritePackageProjectAsync(consumer);
        }
        else
        {
            consumer.WriteProject(after: $"<NvmeGpuMode>{mode}</NvmeGpuMode>"
                + "<CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>");
        }
        consumer.Write("NativeMethods.txt", InlineList);
        consumer.Write("Program.cs", InlineProgram);

        ChildResult build = await consumer.BuildAsync(
            "-p:EmitCompilerGeneratedFiles=true", "-p:CompilerGeneratedFilesOutputPath=obj/generated");
        Assert.True(build.ExitCode == 0, build.All);
        Assert.Contains("    0 Warning(s)", build.Output);
        Assert.Equal(mode == "project" ? 0 : 1, Directory.GetFiles(
            consumer.Folder, "NvmeGpu.Liburing.g.cs", SearchOption.AllDirectories).Length);
        ChildResult run = await consumer.DotnetAsync("bin/Debug/net10.0/app.dll");
        Requirement.That(
            !run.Output.StartsWith("no rings", StringComparison.Ordinal),
            "the kernel refuses rings: " + run.Output.Trim());
        Assert.Equal("by C names\n", run.All);
    }

    [Fact]
    public async Task In_source_mode_the_named_functions_are_internal_members_of_the_project()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(
            before: "<Nullable>disable</Nullable><ImplicitUsings>disable</ImplicitUsings>",
            after: "<CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>");
        consumer.Write("NativeMethods.txt", List);
        consumer.Write("Program.cs", Program);

        await BuildsAndPrints(consumer, "app", isPublic: false, captures: 0);
    }

    [Fact]
    public async Task In_project_mode_the_public_ones_are_used()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(
            after: "<NvmeGpuMode>project</NvmeGpuMode>"
                + "<EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>");
        consumer.Write("NativeMethods.txt", List);
        consumer.Write("Program.cs", Program);

        await BuildsAndPrints(consumer, "NvmeGpu.Bindings", isPublic: true, captures: 8);
        Assert.Empty(Directory.GetFiles(consumer.Folder, "NvmeGpu.Cuda.g.cs", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task From_the_package_it_is_as_in_source_mode()
    {
        using var consumer = new Consumer();
        await WritePackageProjectAsync(consumer);
        consumer.Write("NativeMethods.txt", List);
        consumer.Write("Program.cs", Program);

        await BuildsAndPrints(consumer, "app", isPublic: false, captures: 0);
        Assert.Empty(Directory.GetFiles(
            Path.Combine(consumer.Folder, "bin"), "NvmeGpu*", SearchOption.AllDirectories));

        // The rules come with it, and what they are about.
        consumer.Write("Program.cs", Programs.Correct);
        consumer.Write("Wrapper.cs", Programs.Wrapper);
        consumer.Write("Misuse.cs", Programs.Misuse);
        consumer.Write("NativeMethods.txt", "cuInit\ncuFoo\n");
        ChildResult build = await consumer.BuildAsync();
        Assert.Equal(
            [
                "Misuse.cs(13,22): error NVG0007", "Misuse.cs(14,27): error NVG0006",
                "NativeMethods.txt(2,1): error NVG0101",
            ],
            consumer.Diagnostics(build));

        // There are no projects in it.
        ChildResult check = await consumer.DotnetAsync(
            "msbuild", "-t:NvmeGpuCheckBuild", "-tl:off", "-nodeReuse:false", "-p:NvmeGpuMode=project");
        Assert.Contains("error NVG0100: NvmeGpuMode is 'project', and the package", check.Output);
    }

    [Fact]
    public async Task Overlapping_lists_in_two_assemblies_that_are_friends_do_not_meet()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(after: """
            </PropertyGroup>
            <ItemGroup>
              <Compile Remove="below/**" />
              <ProjectReference Include="below/below.csproj" />
            </ItemGroup>
            <PropertyGroup>
            """);
        consumer.Write("NativeMethods.txt", List);
        consumer.Write("Program.cs", Program.Replace(
            "int asked = 0;", "int asked = Below.Asked();", StringComparison.Ordinal));
        consumer.Write("below/below.csproj", File.ReadAllText(Path.Combine(consumer.Folder, "app.csproj"))
            .Replace("<OutputType>Exe</OutputType>", "", StringComparison.Ordinal)
            .Replace("<ProjectReference Include=\"below/below.csproj\" />",
                "<InternalsVisibleTo Include=\"app\" />", StringComparison.Ordinal));
        consumer.Write("below/NativeMethods.txt", "cuInit\ncuMem*\nCU_IPC_HANDLE_SIZE");
        consumer.Write("below/Below.cs", """
            using NvmeGpu.Bindings;

            namespace App;

            internal static class Below
            {
                public static unsafe int Asked()
                {
                    int asked = Cuda.CU_IPC_HANDLE_SIZE - 64;
                    var functions = new CudaFunctions(_ => { asked++; return 0; });
                    return functions.cuInit == null && functions.cuMemAlloc == null ? asked : 0;
                }
            }
            """);

        await BuildsAndPrints(consumer, "app", isPublic: false, captures: 0);
    }

    [Fact]
    public async Task A_wrong_line_stops_the_build_where_it_stands_and_a_list_elsewhere_counts_too()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(after: """
            </PropertyGroup>
            <ItemGroup>
              <AdditionalFiles Include="NativeMethods.txt;gpu/NativeMethods.txt" />
            </ItemGroup>
            <PropertyGroup>
            """);
        consumer.Write("NativeMethods.txt", "cuInit\n  cuMemAlocHost // one l\ncuFoo*\n");
        consumer.Write("gpu/NativeMethods.txt", "cuInit\n");
        consumer.Write("Program.cs", "System.Console.WriteLine();");

        ChildResult build =
            await consumer.BuildAsync("-p:AnalysisLevel=none", "-p:EnforceCodeStyleInBuild=false");

        Assert.Equal(1, build.ExitCode);
        Assert.Equal(
            [
                "NativeMethods.txt(2,3): error NVG0101", "NativeMethods.txt(3,1): error NVG0103",
                "gpu/NativeMethods.txt(1,1): error NVG0105",
            ],
            consumer.Diagnostics(build));
        Assert.Contains("The bindings have no 'cuMemAlocHost'; did you mean 'cuMemAllocHost'?", build.Output);
    }

    private static async Task BuildsAndPrints(Consumer consumer, string assembly, bool isPublic, int captures)
    {
        ChildResult build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.All);
        Assert.Contains("    0 Warning(s)", build.Output);

        ChildResult run = await consumer.DotnetAsync("bin/Debug/net10.0/app.dll");
        Assert.Equal(
            $"64 64 64 CUDA_ERROR_NOT_INITIALIZED\nsome asked: True, public: {isPublic}\ncaptures: "
            + $"{captures}\n{assembly}\n",
            run.All);
    }

    private Task WritePackageProjectAsync(Consumer consumer) => Distributions.WriteAsync(
        consumer, Distribution.Package, package, """
            <OutputType>Exe</OutputType>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <AnalysisLevel>latest-all</AnalysisLevel>
            <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
            """);
}
