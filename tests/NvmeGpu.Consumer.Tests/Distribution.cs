using System;
using System.IO;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>The four ways in which a project gets NvmeGpu.</summary>
public enum Distribution
{
    /// <summary>The one import, and the library compiled into the project.</summary>
    Source,

    /// <summary>The one import, and the library referenced as projects.</summary>
    Project,

    /// <summary>The source-only package, from a folder.</summary>
    Package,

    /// <summary>A checkout inside the project's own folder, as `git submodule add` puts it there.</summary>
    Submodule,
}

/// <summary>Projects for each <see cref="Distribution"/>.</summary>
internal static class Distributions
{
    public const string Submodule = "external/NvmeGpu";

    /// <summary>Writes a project file that gets NvmeGpu so, and whatever that needs beside it.</summary>
    /// <param name="consumer">In whose folder.</param>
    /// <param name="distribution">How.</param>
    /// <param name="package">Of this run.</param>
    /// <param name="properties">The project's properties; what it says after the import.</param>
    /// <param name="items">The project's items.</param>
    /// <param name="path">The project file, below the consumer's folder.</param>
    public static async Task WriteAsync(
        Consumer consumer,
        Distribution distribution,
        PackedPackage package,
        string properties,
        string items = "",
        string path = "app.csproj")
    {
        if (distribution == Distribution.Submodule
            && !Directory.Exists(Path.Combine(consumer.Folder, Submodule)))
        {
            await CopyRepositoryAsync(consumer);
        }
        if (distribution == Distribution.Package)
        {
            WriteFeed(consumer, package);
        }
        consumer.Write(path, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                {(distribution == Distribution.Project ? "<NvmeGpuMode>project</NvmeGpuMode>" : "")}
              </PropertyGroup>
              {Reference(consumer, distribution)}
              <PropertyGroup>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {items}
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>What git has or would take: no build output.</summary>
    public static async Task CopyRepositoryAsync(Consumer consumer)
    {
        ChildResult files = await ChildProcess.RunAsync(
            "git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], Repository.Root);
        Assert.Equal(0, files.ExitCode);
        foreach (string file in files.Output.TrimEnd('\n').Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            string target = Path.Combine(consumer.Folder, Submodule, file);
            if (File.Exists(Repository.PathOf(file)))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Repository.PathOf(file), target);
            }
        }
    }

    private static string Reference(Consumer consumer, Distribution distribution)
    {
        string root = distribution == Distribution.Submodule
            ? Path.Combine(consumer.Folder, Submodule)
            : Repository.Root;
        string reference = $"""<PackageReference Include="NvmeGpu" Version="{PackedPackage.Version}" />""";
        return distribution == Distribution.Package
            ? $"<ItemGroup>{reference}</ItemGroup>"
            : $"""<Import Project="{Path.Combine(root, "build", "NvmeGpu.props")}" />""";
    }

    // Its own package folder: the version is always the same, and the user's folder would keep the first one.
    // The
    // user's folder is where the native compiler comes from, though.
    private static void WriteFeed(Consumer consumer, PackedPackage package) =>
        consumer.Write("nuget.config", $"""
        <configuration>
          <config>
            <add key="globalPackagesFolder" value="packages" />
          </config>
          <fallbackPackageFolders>
            <clear />
            <add key="user" value="{PackedPackage.UserPackages}" />
          </fallbackPackageFolders>
          <packageSources>
            <clear />
            <add key="feed" value="{package.Feed}" />
          </packageSources>
        </configuration>
        """);
}
