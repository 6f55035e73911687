using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>
/// NativeMethods.txt in projects as users have them: both modes, the package, two assemblies, and a mistake.
/// </summary>
[Collection(Consumer.OneByOne)]
public sealed class OnDemandTests
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
        consumer.WriteProject(after: "<NvmeGpuMode>project</NvmeGpuMode><EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>");
        consumer.Write("NativeMethods.txt", List);
        consumer.Write("Program.cs", Program);

        await BuildsAndPrints(consumer, "NvmeGpu.Bindings", isPublic: true, captures: 8);
        Assert.Empty(Directory.GetFiles(consumer.Folder, "NvmeGpu.Cuda.g.cs", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task From_the_package_it_is_as_in_source_mode()
    {
        using var consumer = new Consumer();
        await PackAsync(consumer);
        WritePackageProject(consumer);
        consumer.Write("NativeMethods.txt", List);
        consumer.Write("Program.cs", Program);

        await BuildsAndPrints(consumer, "app", isPublic: false, captures: 0);
        Assert.Empty(Directory.GetFiles(Path.Combine(consumer.Folder, "bin"), "NvmeGpu*", SearchOption.AllDirectories));

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
    public async Task The_package_has_sources_and_analyzers_and_no_library()
    {
        using var consumer = new Consumer();
        await PackAsync(consumer);

        using ZipArchive package = ZipFile.OpenRead(Directory.GetFiles(Path.Combine(consumer.Folder, "feed")).Single());
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.DoesNotContain(files, file => file.StartsWith("lib/", StringComparison.Ordinal)
            || file.StartsWith("contentFiles/", StringComparison.Ordinal)
            || file.StartsWith("ref/", StringComparison.Ordinal));
        Assert.Equal(
            [
                "analyzers/dotnet/cs/NvmeGpu.Analyzers.dll", "analyzers/dotnet/cs/NvmeGpu.BindingsOnDemand.dll",
                "analyzers/dotnet/cs/NvmeGpu.CodeFixes.dll",
            ],
            files.Where(file => file.EndsWith(".dll", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        // Every source of a checkout, where it is there.
        foreach (string folder in new[] { "bindings", "runtime" })
        {
            string[] expected =
            [
                .. Directory.GetFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
                    .Where(file => !Path.GetFileName(file).StartsWith("Accessibility.Public", StringComparison.Ordinal))
                    .Select(file => "src/" + Path.GetRelativePath(Repository.Root, file)),
            ];
            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                files.Where(file => file.StartsWith($"src/{folder}/", StringComparison.Ordinal)
                    && file.EndsWith(".cs", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
        // What the pack's own build has made, where the locked headers are.
        string inline = Repository.PathOf("artifacts", "obj", "NvmeGpu.Bindings", "inline");
        Assert.All(
            Directory.Exists(inline) ? Directory.GetFiles(inline, "*", SearchOption.AllDirectories) : [],
            file => Assert.Contains("src/inline/" + Path.GetRelativePath(inline, file), files));
        string[] others =
        [
            "README.md", "LICENSE", "NOTICE", "build/NvmeGpu.props", "build/NvmeGpu.targets",
            "build/NvmeGpu.globalconfig", "src/bindings/Cuda/index.txt", "src/bindings/Liburing/index.txt",
            "src/bindings/NvmeIoctl/index.txt", "analyzers/docs/NVG0101.md",
        ];
        Assert.All(others, file => Assert.Contains(file, files));
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
            .Replace("<ProjectReference Include=\"below/below.csproj\" />", "<InternalsVisibleTo Include=\"app\" />", StringComparison.Ordinal));
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

        ChildResult build = await consumer.BuildAsync("-p:AnalysisLevel=none", "-p:EnforceCodeStyleInBuild=false");

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
            $"64 64 64 CUDA_ERROR_NOT_INITIALIZED\nsome asked: True, public: {isPublic}\ncaptures: {captures}\n{assembly}\n",
            run.All);
    }

    private static async Task PackAsync(Consumer consumer)
    {
        ChildResult pack = await consumer.DotnetAsync(
            "pack", Repository.PathOf("build", "NvmeGpu.Package.csproj"), "-c", "Debug", "-o", "feed",
            "-p:PackageVersion=0.0.1-test", "-nodeReuse:false", "-tl:off");
        Assert.True(pack.ExitCode == 0, pack.All);
        Assert.DoesNotContain("warning", pack.Output);
    }

    // Its own package folder: the version is always the same, and the user's would keep the first one.
    private static void WritePackageProject(Consumer consumer)
    {
        consumer.Write("app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <AnalysisLevel>latest-all</AnalysisLevel>
                <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
                <RestorePackagesPath>packages</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="NvmeGpu" Version="0.0.1-test" />
              </ItemGroup>
            </Project>
            """);
        consumer.Write("nuget.config", """
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="feed" />
              </packageSources>
            </configuration>
            """);
    }
}
