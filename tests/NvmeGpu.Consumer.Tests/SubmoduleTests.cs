using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>A checkout inside the folder of the consumer's project, as a git submodule is.</summary>
[Collection(Consumer.OneByOne)]
public sealed class SubmoduleTests
{
    private const string Submodule = Distributions.Submodule;

    private static readonly string s_rid =
        "linux-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>
    /// What our sources are like, and what no one's analyzers and few warning levels let pass.
    /// </summary>
    private const string SourceInOurStyle = """
        #nullable enable
        namespace NvmeGpu.Tests;

        struct lowercase { public int never_assigned; int unused; }

        sealed class never_instantiated
        {
            public static object Convert(int value) { if (value == 1) return value.ToString(); return (object)value; }
            public int Sum(lowercase native) => native.never_assigned;
        }
        """;

    [Fact]
    public async Task A_checkout_inside_the_project_folder_brings_its_sources_and_nothing_else()
    {
        using var consumer = new Consumer();
        await Distributions.CopyRepositoryAsync(consumer);
        consumer.Write(Submodule + "/runtime/InOurStyle.cs", SourceInOurStyle);
        consumer.Write(Submodule + "/runtime/obj/Debug/Built.cs", "#error build output was compiled");
        consumer.Write(Submodule + "/bindings/Linux/InOurStyle.g.cs", SourceInOurStyle
            .Replace("Tests", "Linux", StringComparison.Ordinal));
        consumer.Write(
            Submodule + "/bindings/Cuda/NotWanted.cs", "#error a part that was not asked for was compiled");
        consumer.Write(
            Submodule + "/runtime/Cuda/NotWanted.cs", "#error a part that was not asked for was compiled");
        consumer.Write(Submodule + "/tests/Swallowed.cs", "#error the default globs took the submodule");

        // A consumer with settings of its own, in files and on the command line; none of them is for us.
        consumer.WriteProject(repository: Submodule);
        consumer.Write("Directory.Packages.props", """
            <Project>
              <PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>
            </Project>
            """);
        consumer.Write("Directory.Build.props", """
            <Project>
              <PropertyGroup><DefineConstants>FROM_CONSUMER</DefineConstants><Nullable>disable</Nullable></PropertyGroup>
            </Project>
            """);
        consumer.Write("Program.cs", "#nullable enable\n" + Programs.Correct);
        consumer.Write("Wrapper.cs", Programs.Wrapper);

        string[] arguments =
            ["-c", "Release", "-r", s_rid, "-o", "out", "-p:AssemblyName=Renamed", "-p:LangVersion=latest"];
        ChildResult build = await consumer.BuildAsync(arguments);

        Assert.True(build.ExitCode == 0, build.All);
        Assert.Contains("    0 Warning(s)", build.Output);
        ChildResult run = await consumer.DotnetAsync("out/Renamed.dll");
        Assert.Equal("Completion, public: False\n", run.Output);
        Assert.Empty(Directory.GetFiles(Path.Combine(consumer.Folder, "out"), "NvmeGpu*"));

        // The rules are there, and a misuse does not compile until .editorconfig makes it a warning.
        consumer.Write("Misuse.cs", Programs.Misuse);
        ChildResult refused = await consumer.BuildAsync(["--no-restore", .. arguments]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(
            ["Misuse.cs(13,22): error NVG0007", "Misuse.cs(14,27): error NVG0006"],
            consumer.Diagnostics(refused));
        consumer.Write(".editorconfig", MisuseTests.Lowered);
        ChildResult lowered = await consumer.BuildAsync(
            ["--no-restore", "-p:TreatWarningsAsErrors=false", .. arguments]);
        Assert.True(lowered.ExitCode == 0, lowered.All);
        Assert.Equal(
            ["Misuse.cs(13,22): warning NVG0007", "Misuse.cs(14,27): warning NVG0006"],
            consumer.Diagnostics(lowered));

        // The parts are names in a list, not parts of names.
        Assert.DoesNotContain("NotWanted.cs", await CompileItems(consumer, "barracuda"));
        string asked = await CompileItems(consumer, "ring; cuda");
        Assert.Contains("bindings/Cuda/NotWanted.cs", asked);
        Assert.Contains("runtime/Cuda/NotWanted.cs", asked);
    }

    private static async Task<string> CompileItems(Consumer consumer, string parts)
    {
        ChildResult query = await consumer.DotnetAsync(
            "msbuild", "-getItem:Compile", "-p:NvmeGpuParts=" + parts
                .Replace(";", "%3B", StringComparison.Ordinal));
        Assert.Contains("InOurStyle.cs", query.Output);
        return query.Output;
    }
}
