using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>
/// The source-only package, packed once for all tests of this assembly; a folder that NuGet takes as a
/// source.
/// </summary>
public sealed class PackedPackage : IAsyncLifetime
{
    public const string Version = "0.0.1-test";

    public string Feed { get; } =
        Path.Combine(Path.GetTempPath(), "nvmegpu-feed-" + Guid.NewGuid().ToString("N"));

    public string FullPath => Directory.GetFiles(Feed).Single();

    /// <summary>Where the ordinary client keeps what it has restored: packages come from there, not from a
    /// server.</summary>
    public static string UserPackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public async ValueTask InitializeAsync() => await PackAsync(Feed);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Feed, recursive: true);
        return default;
    }

    internal static async Task PackAsync(string folder)
    {
        using var consumer = new Consumer();
        ChildResult pack = await consumer.DotnetAsync(
            "pack", Repository.PathOf("build", "NvmeGpu.Package.csproj"), "-c", "Debug", "-o", folder,
            "-p:PackageVersion=" + Version, "-nodeReuse:false", "-tl:off");
        Assert.True(pack.ExitCode == 0, pack.All);
        Assert.DoesNotContain("warning", pack.Output);
    }
}

/// <summary>All classes here, one after another, around one package.</summary>
[CollectionDefinition(Consumer.OneByOne)]
public sealed class ConsumersOneByOne : ICollectionFixture<PackedPackage>;
