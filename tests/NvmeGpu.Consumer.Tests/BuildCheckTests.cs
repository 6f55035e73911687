using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>A build in which the rules cannot be enforced does not go on in silence.</summary>
[Collection(Consumer.OneByOne)]
public sealed partial class BuildCheckTests(PackedPackage package)
{
    private const string AnalyzersAreOff =
        "NvmeGpu's analyzer is not loaded, because RunAnalyzers is 'false': remove that setting, or set it "
        + "to true.";

    // Properties after the import, and the whole text; a name in front, for the project file of the row.
    private static readonly (string Name, string Setting, string Text)[] s_refused =
    [
        ("mode", "<NvmeGpuMode>sources</NvmeGpuMode>",
            "NvmeGpuMode is 'sources'; it can be 'source' or 'project'."),
        ("package", "<NvmeGpuMode>project</NvmeGpuMode>",
            "NvmeGpuMode is 'project', and the package NvmeGpu has sources only: remove that line, or import "
            + "build/NvmeGpu.props of a checkout instead of the package."),
        ("unsafe", "<AllowUnsafeBlocks>false</AllowUnsafeBlocks>",
            "NvmeGpu works on memory that the kernel shares, and this project sets AllowUnsafeBlocks to "
            + "'false': remove that "
            + "line, or set it to true."),
        ("framework", "<TargetFramework>net9.0</TargetFramework>",
            "NvmeGpu needs .NET 10, and this project targets 'net9.0': target net10.0 or later."),
        ("csharp13", "<LangVersion>13.0</LangVersion>", NeedsCSharp14("13.0")),
        ("csharp7", "<LangVersion>7.3</LangVersion>", NeedsCSharp14("7.3")),
        ("csharp2", "<LangVersion>ISO-2</LangVersion>", NeedsCSharp14("ISO-2")),
        ("compiler", "<CompilerApiVersion>roslyn4.14</CompilerApiVersion>",
            "NvmeGpu's rules need the compiler of .NET SDK 10.0.100 (roslyn5.0), and this build has "
            + "roslyn4.14: install a newer "
            + "SDK, or remove the Microsoft.Net.Compilers.Toolset that is older than 5.0."),
        ("off", "<RunAnalyzers>false</RunAnalyzers>", AnalyzersAreOff),
        ("offByBoth",
            "<RunAnalyzers>false</RunAnalyzers><RunAnalyzersDuringBuild>true</RunAnalyzersDuringBuild>",
            AnalyzersAreOff),
        ("offDuringBuild", "<RunAnalyzersDuringBuild>false</RunAnalyzersDuringBuild>",
            "NvmeGpu's analyzer is not loaded, because RunAnalyzersDuringBuild is 'false': remove that "
            + "setting, or set "
            + "RunAnalyzers to true."),
    ];

    private static readonly (string Name, string Setting)[] s_letPass =
    [
        ("nothing", ""),
        ("csharp14", "<LangVersion>14.0</LangVersion>"),
        ("preview", "<LangVersion>preview</LangVersion>"),
        ("newer", "<CompilerApiVersion>roslyn5.0</CompilerApiVersion>"),
        ("newest", "<CompilerApiVersion>roslyn10.0</CompilerApiVersion>"),
        ("onAllTheSame",
            "<RunAnalyzers>true</RunAnalyzers><RunAnalyzersDuringBuild>false</RunAnalyzersDuringBuild>"),
        ("editor", "<RunAnalyzers>false</RunAnalyzers><DesignTimeBuild>true</DesignTimeBuild>"),
    ];

    [Fact]
    public async Task Every_setting_that_cannot_work_is_NVG0100_with_the_fix_in_its_text_and_nothing_else_is()
    {
        using var consumer = new Consumer();
        ZipFile.ExtractToDirectory(package.FullPath, Path.Combine(consumer.Folder, "unpacked"));
        foreach ((string name, string setting, _) in s_refused)
        {
            consumer.Write(
                name + ".csproj", Project(name == "package" ? "unpacked" : Repository.Root, setting));
        }
        foreach ((string name, string setting) in s_letPass)
        {
            consumer.Write(name + ".csproj", Project(Repository.Root, setting));
        }
        // One process for all of them.
        consumer.Write("all.proj", """
            <Project>
              <Target Name="Check">
                <ItemGroup><Each Include="*.csproj" /></ItemGroup>
                <MSBuild Projects="%(Each.Identity)" Targets="NvmeGpuCheckBuild" ContinueOnError="true" />
              </Target>
            </Project>
            """);

        ChildResult check = await consumer.DotnetAsync(
            "msbuild", "all.proj", "-t:Check", "-tl:off", "-nodeReuse:false", "-v:quiet");

        Assert.Equal(
            s_refused.Select(row => (row.Name, row.Text)).Order(),
            Refusal().Matches(check.Output)
                .Select(match => (match.Groups["name"].Value, match.Groups["text"].Value)).Distinct()
                    .Order());
    }

    [Fact]
    public void Every_text_of_NVG0100_is_tested_and_its_help_link_is_the_page()
    {
        string targets = File.ReadAllText(Repository.PathOf("build", "NvmeGpu.targets"));
        Assert.Equal(
            s_refused.Select(row => row.Text.Replace("'7.3'", "'13.0'").Replace("'ISO-2'", "'13.0'"))
                .Distinct().Count()
                + 1, // An_analyzer_that_was_taken_away_is_missed
            Regex.Count(targets, "<Error "));
        Assert.Equal(
            Regex.Count(targets, "<Error "),
            Regex.Count(targets, "<Error Code=\"NVG0100\" HelpLink=\"\\$\\(_NvmeGpuBuildPage\\)\""));
    }

    [Fact]
    public async Task The_page_of_NVG0100_is_where_its_help_link_says_in_a_checkout_and_in_the_package()
    {
        using var consumer = new Consumer();
        ZipFile.ExtractToDirectory(package.FullPath, Path.Combine(consumer.Folder, "unpacked"));
        foreach (string root in new[] { Repository.Root, Path.Combine(consumer.Folder, "unpacked") })
        {
            ChildResult query = await consumer.DotnetAsync(
                "msbuild", Path.Combine(root, "build", "NvmeGpu.targets"), "-getProperty:_NvmeGpuBuildPage");
            Assert.Equal(Path.Combine(root, "analyzers", "docs", "NVG0100.md"), query.Output.Trim());
            string page = File.ReadAllText(query.Output.Trim());
            Assert.StartsWith("# NVG0100: ", page);
            Assert.All(
                ["## Cause", "## Bad", "## Good", "## When to suppress", "## Known limits"],
                section => Assert.Contains($"\n{section}\n", page));
        }
    }

    [Fact]
    public async Task A_build_stops_before_the_compiler()
    {
        using var consumer = new Consumer();
        consumer.WriteProject();
        consumer.Write("Program.cs", "#error the compiler was reached");

        ChildResult build = await consumer.BuildAsync("-p:RunAnalyzers=false");

        Assert.Equal(1, build.ExitCode);
        Assert.Contains("error NVG0100: " + AnalyzersAreOff, build.Output);
        Assert.DoesNotContain("was reached", build.Output);
    }

    [Theory]
    [InlineData(Distribution.Source)]
    [InlineData(Distribution.Package)]
    public async Task An_analyzer_that_was_taken_away_is_missed(Distribution distribution)
    {
        using var consumer = new Consumer();
        await Distributions.WriteAsync(consumer, distribution, package, "");
        consumer.Write("Directory.Build.targets", """
            <Project>
              <Target Name="NoAnalyzers" BeforeTargets="CoreCompile">
                <ItemGroup><Analyzer Remove="@(Analyzer)" /></ItemGroup>
              </Target>
            </Project>
            """);

        ChildResult build = await consumer.BuildAsync();

        Assert.Equal(1, build.ExitCode);
        Assert.Contains(
            "error NVG0100: NvmeGpu's analyzer is not loaded, because NvmeGpu.Analyzers.dll is not among "
            + "this project's "
            + "Analyzer items: find what takes it away (a target that removes Analyzer items), and let it "
            + "keep this one.",
            build.Output);
    }

    [Fact]
    public async Task An_analyzer_that_does_not_work_is_an_error_whatever_the_project_says()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(after: "<WarningsAsErrors>nullable</WarningsAsErrors>");

        ChildResult query = await consumer.DotnetAsync("msbuild", "-getProperty:WarningsAsErrors");

        Assert.Equal(
            ["CS9057", "CS8032", "CS8784", "CS8785", "AD0001"], query.Output.Trim().Split(';')[^5..]);
    }

    private static string NeedsCSharp14(string version) =>
        $"NvmeGpu needs C# 14, and this project sets LangVersion to '{version}': remove that line, or set it "
        + "to 14 or later.";

    // A property that the compiler's own targets set can only be replaced after them, as a target; the
    // package's targets are what NuGet would import.
    private static string Project(string root, string setting) => $"""
        <Project>
          <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
          <Import Project="{Path.Combine(root, "build", "NvmeGpu.props")}" />
          <PropertyGroup>{setting}</PropertyGroup>
          <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
          <Import Project="{Path.Combine(root, "build", "NvmeGpu.targets")}" Condition="'$(_NvmeGpuIsPackage)' == 'true'" />
          <PropertyGroup>{(setting.Contains("CompilerApiVersion", StringComparison.Ordinal) ? setting : "")}</PropertyGroup>
        </Project>
        """;

    [GeneratedRegex(@"error NVG0100: (?<text>.*?) \[.*/(?<name>\w+)\.csproj")]
    private static partial Regex Refusal();
}
