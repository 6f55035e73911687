using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NvmeGpu.TestKit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>
/// A user's project in a folder of its own below the system's temporary folder, removed at the end.
/// </summary>
internal sealed partial class Consumer : IDisposable
{
    /// <summary>
    /// The test collection of every class here, so that none runs beside another: the builds share the
    /// analyzers' output folder, and each of them already uses every core.
    /// </summary>
    public const string OneByOne = "Consumers, one by one";

    // `dotnet test` sets these for the build that it runs itself; another `dotnet` would take them for its
    // own.
    private static readonly Dictionary<string, string?> s_environment = new()
    {
        ["MSBuildSDKsPath"] = null,
        ["MSBuildExtensionsPath"] = null,
        ["MSBUILD_EXE_PATH"] = null,
        ["MSBuildLoadMicrosoftTargetsReadOnly"] = null,
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_NOLOGO"] = "1",
    };

    public Consumer() => Directory.CreateDirectory(Folder);

    public string Folder { get; } =
        Path.Combine(Path.GetTempPath(), "nvmegpu-consumer-" + Guid.NewGuid().ToString("N"));

    /// <summary>Writes app.csproj; the strict settings of a careful user come before the import.</summary>
    /// <param name="repository">The checkout that is imported, absolute or relative to the project.</param>
    /// <param name="before">Properties before the import.</param>
    /// <param name="after">Properties after the import.</param>
    public void WriteProject(string? repository = null, string before = "", string after = "") =>
        Write("app.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <AnalysisLevel>latest-all</AnalysisLevel>
            <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
            {before}
          </PropertyGroup>
          <Import Project="{Path.Combine(repository ?? Repository.Root, "build", "NvmeGpu.props")}" />
          <PropertyGroup>
            {after}
          </PropertyGroup>
        </Project>
        """);

    public void Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>No server, no node and no terminal logger outlives or hides anything.</summary>
    public Task<ChildResult> BuildAsync(params string[] arguments) => DotnetAsync(
        ["build", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-tl:off", .. arguments]);

    public Task<ChildResult> DotnetAsync(params string[] arguments) =>
        ChildProcess.RunAsync("dotnet", arguments, Folder, s_environment);

    /// <summary>
    /// The diagnostics of a build, each once, as "Program.cs(8,14): error NVG0007", in their order.
    /// </summary>
    public string[] Diagnostics(ChildResult build) =>
    [
        .. Diagnostic().Matches(build.Output)
            .Select(match =>
                Path.GetRelativePath(Folder, match.Groups["file"].Value) + match.Groups["rest"].Value)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    [GeneratedRegex(
        @"^\s*(?<file>/[^(\n]+)(?<rest>\([0-9,]+\): (error|warning) [A-Z]+[0-9]+)", RegexOptions.Multiline)]
    private static partial Regex Diagnostic();
}
