using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.NextCompiler.Tests;

/// <summary>Everything that source mode compiles into a project, all parts of it, as the props list
/// it.</summary>
internal static class ShippedSources
{
    // `dotnet test` sets these for its own build; another one would take them for its own.
    private static readonly Dictionary<string, string?> s_environment = new()
    {
        ["MSBuildSDKsPath"] = null,
        ["MSBuildExtensionsPath"] = null,
        ["MSBUILD_EXE_PATH"] = null,
        ["MSBuildLoadMicrosoftTargetsReadOnly"] = null,
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_NOLOGO"] = "1",
    };

    /// <summary>Full paths: the props' list, and the inline functions where they were made.</summary>
    public static async Task<string[]> PathsAsync()
    {
        using var folder = new TemporaryFolder();
        string project = folder.PathOf("app.csproj");
        await File.WriteAllTextAsync(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NvmeGpuMode>source</NvmeGpuMode>
                <NvmeGpuParts>cuda</NvmeGpuParts>
              </PropertyGroup>
              <Import Project="{Repository.PathOf("build", "NvmeGpu.props")}" />
            </Project>
            """);
        ChildResult query = await ChildProcess.RunAsync(
            "dotnet", ["msbuild", project, "-nodeReuse:false", "-getItem:_NvmeGpuSource"], folder.FullPath,
            s_environment);
        Assert.True(query.ExitCode == 0, query.All);
        using JsonDocument answer = JsonDocument.Parse(query.Output);
        return
        [
            .. answer.RootElement.GetProperty("Items").GetProperty("_NvmeGpuSource").EnumerateArray()
                .Select(item => item.GetProperty("FullPath").GetString()!),
        ];
    }

    public static async Task<SyntaxTree[]> ParseAsync(CSharpParseOptions options)
    {
        string[] paths = await PathsAsync();
        return
        [
            .. paths.Select(path => CSharpSyntaxTree.ParseText(
                SourceText.From(File.ReadAllText(path), System.Text.Encoding.UTF8), options, path)),
        ];
    }
}
